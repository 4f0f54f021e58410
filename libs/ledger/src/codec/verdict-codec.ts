import type { ClaimedMessage, JobUpdate, CompletedJob } from '#core';
import { decodeClaimed } from './claimed-codec.js';
import { integerReply, listReply, textListReply } from './replies.js';
import { encodeToken } from './token-codec.js';

/** Encodes a job update as five arguments of `settle-jobs.lua`. */
export function encodeUpdate(verdict: JobUpdate): readonly string[] {
  if ('token' in verdict) {
    return [verdict.kind, verdict.modelId, encodeToken(verdict.token), verdict.eventId, verdict.event];
  }
  if (verdict.kind === 'failed') return [verdict.kind, verdict.modelId, verdict.reason, verdict.error, ''];
  return [verdict.kind, verdict.modelId, '', '', ''];
}

export function decodeCompleted(reply: unknown, modelId: string): CompletedJob {
  const [changed, acknowledged, messages] = listReply(reply);
  return {
    modelId,
    changed: integerReply(changed) === 1,
    acknowledged: textListReply(acknowledged),
    detached: decodeDetached(listReply(messages)),
  };
}

function decodeDetached(flat: readonly unknown[]): readonly ClaimedMessage[] {
  const messages: ClaimedMessage[] = [];
  for (let i = 0; i < flat.length; i += 4) messages.push(decodeClaimed(flat.slice(i, i + 4)));
  return messages;
}

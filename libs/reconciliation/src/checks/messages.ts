import { createHash } from 'node:crypto';
import type { MessagePlace } from '#core';
import { readDeadLetter } from '#messages';
import type { VerificationPass } from '../verification-scope.js';

const PLACES: readonly MessagePlace[] = ['queue', 'processing', 'delayed', 'dead-letters'];
/** Maximum digests in memory; about 30 MB. */
const PART = 200_000;

/** Checks that each message is in one place, and only in the DLQ when the system is quiescent. */
export async function checkMessages(look: VerificationPass): Promise<void> {
  const { ledger, findings, quiescent, distinctMessages } = look;
  let all = 0;
  for (const place of PLACES) {
    const count = await ledger.count(place);
    all += count;
    if (quiescent && place !== 'dead-letters' && count > 0) findings.add('message-left', place, `${count} messages`);
  }
  findings.count('messages', all);
  if (!distinctMessages) return;
  const parts = Math.max(1, Math.ceil(all / PART));
  for (let part = 0; part < parts; part += 1) await checkPart(look, part, parts);
}

/** Checks one partition of the digests, so that memory stays bounded. */
async function checkPart({ ledger, findings }: VerificationPass, part: number, parts: number): Promise<void> {
  const places = new Map<string, MessagePlace>();
  for (const place of PLACES) {
    for await (const page of ledger.messages(place)) {
      for (const element of page) {
        const bytes = place === 'dead-letters' ? readDeadLetter(element).originalMessage : element;
        if (bytes === null) continue;
        const sha1 = createHash('sha1').update(bytes).digest();
        if (sha1.readUInt32BE(0) % parts !== part) continue;
        const digest = sha1.toString('hex');
        const other = places.get(digest);
        if (other === undefined) places.set(digest, place);
        else findings.add('message-in-two-places', `message ${digest}`, `in ${other} and in ${place}`);
      }
    }
  }
}

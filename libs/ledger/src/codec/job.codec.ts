import { createHash } from 'node:crypto';
import {
  type Admission,
  type ClaimedMessage,
  type CompletedJob,
  DEAD_LETTER_REASONS,
  type DeployedToken,
  type DeploymentJob,
  type DeploymentRecord,
  type DeploymentRequest,
  JOB_STATES,
  type JobUpdate,
  recordFingerprint,
  type Registration,
  type SignedAttempt,
  unixNow,
} from '#core';
import { firstCounters, unpackCounters } from '#queue';
import { HashReader } from './hash-reader.js';
import { LedgerCorruptedError } from './ledger.errors.js';
import { bytesReply, hashReply, integerReply, listReply, textListReply, textReply } from './reply.codec.js';

/** Encodes metrics as decimal text, because JSON has no bigint. */
export function encodeRequest(request: DeploymentRequest): string {
  const { baselineValue, currentValue, ...record } = request.record;
  return JSON.stringify({
    ...request,
    record: { ...record, baselineValue: baselineValue.toString(), currentValue: currentValue.toString() },
  });
}

export function decodeRequest(text: unknown): DeploymentRequest {
  const fields = HashReader.parse('request', text);
  return {
    messageId: fields.textOrNull('messageId'),
    record: decodeRecord(fields.object('record')),
    modelName: fields.textOrNull('modelName'),
    modelVersion: fields.textOrNull('modelVersion'),
    mlflowRunId: fields.textOrNull('mlflowRunId'),
    improvementPercentage: fields.numberOrNull('improvementPercentage'),
    supplierRecipient: fields.textOrNull('supplierRecipient'),
    producer: fields.isAbsent('producer') ? null : fields.textOrNull('producer'),
    warnings: fields.isAbsent('warnings') ? [] : fields.textList('warnings'),
  };
}

function decodeRecord(fields: HashReader): DeploymentRecord {
  return {
    modelId: fields.text('modelId'),
    tokenSymbol: fields.text('tokenSymbol'),
    metricName: fields.text('metricName'),
    baselineValue: fields.bigint('baselineValue'),
    currentValue: fields.bigint('currentValue'),
    contributor: fields.textOrNull('contributor'),
  };
}

export function encodeToken(token: DeployedToken): string {
  return JSON.stringify({
    ...token,
    gasUsed: token.gasUsed.toString(),
    gasPrice: token.gasPrice.toString(),
    layerOneFee: token.layerOneFee?.toString(),
  });
}

export function decodeToken(text: unknown): DeployedToken {
  const fields = HashReader.parse('token', text);
  return {
    tokenAddress: fields.text('tokenAddress'),
    transactionHash: fields.text('transactionHash'),
    registryTransactionHash: fields.textOrNull('registryTransactionHash'),
    registration: fields.isAbsent('registration') ? null : decodeRegistration(fields.object('registration')),
    blockNumber: fields.integer('blockNumber'),
    blockTimestamp: fields.integer('blockTimestamp'),
    gasUsed: fields.bigint('gasUsed'),
    gasPrice: fields.bigint('gasPrice'),
    deployerAddress: fields.text('deployerAddress'),
    ...(fields.isAbsent('layerOneFee') ? {} : { layerOneFee: fields.bigint('layerOneFee') }),
    ...(fields.isAbsent('contract') ? {} : { contract: fields.text('contract') }),
  };
}

function decodeRegistration(fields: HashReader): Registration {
  return { to: fields.text('to'), calldata: fields.text('calldata') };
}

const SIGNED_ATTEMPT = /^(0x[0-9a-f]+):([0-9a-f]+):([0-9a-f]+):([0-9a-f]+):([0-9a-f]+)$/;

/**
 * Encodes hash, gas limit, fee cap, priority fee and time of one attempt; numbers in hexadecimal. Scripts join attempts
 * by a space.
 */
export function encodeSignedAttempt(attempt: SignedAttempt): string {
  const { hash, gasLimit, maxFeePerGas, maxPriorityFeePerGas, signedAt } = attempt;
  return [hash, ...[gasLimit, maxFeePerGas, maxPriorityFeePerGas, signedAt].map((it) => it.toString(16))].join(':');
}

/** @throws LedgerCorruptedError */
export function decodeSignedAttempts(text: string): readonly SignedAttempt[] {
  return text === '' ? [] : text.split(' ').map((attempt) => decodeSignedAttempt(attempt));
}

function decodeSignedAttempt(text: string): SignedAttempt {
  const [, hash, gasLimit, maxFeePerGas, maxPriorityFeePerGas, signedAt] = SIGNED_ATTEMPT.exec(text) ?? [];
  if (hash === undefined) throw new LedgerCorruptedError('job: attempts');
  return {
    hash,
    gasLimit: BigInt(`0x${gasLimit}`),
    maxFeePerGas: BigInt(`0x${maxFeePerGas}`),
    maxPriorityFeePerGas: BigInt(`0x${maxPriorityFeePerGas}`),
    signedAt: Number(`0x${signedAt}`),
  };
}

/** @param hash all fields of the job */
export function decodeJob(hash: ReadonlyMap<string, string>): DeploymentJob {
  const job = new HashReader('job', hash);
  return {
    request: decodeRequest(job.text('request')),
    state: job.oneOf('state', JOB_STATES),
    slot: job.isAbsent('lane') ? null : { lane: job.text('lane'), nonce: job.integer('nonce') },
    token: job.isAbsent('token') ? null : decodeToken(job.text('token')),
    eventId: job.textOrNull('eventId'),
    failure: decodeFailure(job),
    attempts: decodeSignedAttempts(job.textOrNull('attempts') ?? ''),
    createdAt: job.integer('createdAt'),
    updatedAt: job.integer('updatedAt'),
  };
}

function decodeFailure(job: HashReader): DeploymentJob['failure'] {
  if (job.isAbsent('reason')) return null;
  return { reason: job.oneOf('reason', DEAD_LETTER_REASONS), error: job.text('error') };
}

/** @param wanted the record of the admission request */
export function decodeAdmission(reply: unknown, wanted: DeploymentRecord): Admission {
  try {
    return decodeReadable(reply, wanted);
  } catch (error) {
    if (!(error instanceof LedgerCorruptedError)) throw error;
    return { kind: 'unreadable', detail: error.message };
  }
}

function decodeReadable(reply: unknown, wanted: DeploymentRecord): Admission {
  const [kind, content] = listReply(reply);
  switch (textReply(kind)) {
    case 'admitted':
      return { kind: 'admitted', job: decodeJob(hashReply(content)) };
    case 'attached':
      return { kind: 'attached' };
    case 'deployed':
      return { kind: 'deployed', token: decodeToken(textReply(content)) };
    case 'delayed':
      return { kind: 'delayed', delayMs: integerReply(content) };
    case 'waiting':
      return { kind: 'waiting' };
    case 'unreadable':
      return { kind: 'unreadable', detail: `the Redis key ${textReply(content)} has the wrong type` };
    case 'conflict':
      return { kind: 'conflict', detail: describeConflict(decodeRequest(textReply(content)).record, wanted) };
    default:
      throw new LedgerCorruptedError('reply');
  }
}

const COMPARED = ['tokenSymbol', 'metricName', 'baselineValue', 'currentValue', 'contributor'] as const;

// Names the fields only: the values may be of any size.
function describeConflict(first: DeploymentRecord, wanted: DeploymentRecord): string {
  const differing = COMPARED.filter(
    (field) => recordFingerprint({ ...first, [field]: wanted[field] }) !== recordFingerprint(first),
  );
  return `model ${wanted.modelId.slice(0, 128)} was admitted before with another ${differing.join(', ') || 'record'}`;
}

/** Encodes a job update as seven arguments of `settle-jobs.lua`. */
export function encodeUpdate(update: JobUpdate): readonly string[] {
  const { kind, modelId } = update;
  if (kind === 'returned') return [kind, modelId, '', '', '', '', ''];
  const record = update.record === undefined ? '' : recordFingerprint(update.record);
  if (kind === 'failed') return [kind, modelId, record, update.reason, update.error, '', ''];
  const { token, eventId, event, fullEvent } = update;
  return [kind, modelId, record, encodeToken(token), eventId, event ?? '', fullEvent ?? ''];
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

/** Decodes lease, bytes, counters and stalls of one message from the reply of `settle-jobs.lua`. */
function decodeClaimed([lease, content, meta, stalls]: readonly unknown[]): ClaimedMessage {
  const bytes = bytesReply(content);
  return {
    lease: textReply(lease),
    bytes,
    digest: createHash('sha1').update(bytes).digest('hex'),
    // Acknowledging an identical copy deletes the counters.
    ...(isNil(meta) ? firstCounters(unixNow()) : counters(textReply(meta))),
    stalls: isNil(stalls) ? 0 : decodeStalls(textReply(stalls)),
  };
}

function counters(packed: string): ReturnType<typeof unpackCounters> {
  try {
    return unpackCounters(packed);
  } catch {
    throw new LedgerCorruptedError('message counter');
  }
}

/** Decodes `stalls worker`. */
function decodeStalls(packed: string): number {
  const [, digits] = /^(\d+)(?: |$)/.exec(packed) ?? [];
  if (digits === undefined) throw new LedgerCorruptedError('message counter');
  return Number(digits);
}

function isNil(reply: unknown): boolean {
  return reply === null || reply === undefined;
}

import { DEAD_LETTER_REASONS, JOB_STATES, type DeploymentJob } from '#core';
import { decodeAttempts } from './attempts-codec.js';
import { decodeRequest } from './request-codec.js';
import { HashReader } from './hash-reader.js';
import { decodeToken } from './token-codec.js';

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
    attempts: decodeAttempts(job.textOrNull('attempts') ?? ''),
    createdAt: job.integer('createdAt'),
    updatedAt: job.integer('updatedAt'),
  };
}

function decodeFailure(job: HashReader): DeploymentJob['failure'] {
  if (job.isAbsent('reason')) return null;
  return { reason: job.oneOf('reason', DEAD_LETTER_REASONS), error: job.text('error') };
}

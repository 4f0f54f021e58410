import { Injectable } from '@nestjs/common';
import { DeploymentJobs, MessageRejected, recordFingerprint } from '#core';
import { parseMessage } from '#messages';

/** Limits are the consumer's business: here the question is only what the message asks for. */
const ANY_SIZE = { maxMessageBytes: Infinity, minImprovementPercentage: -Infinity };

/** Knows from the ledger which messages have nothing left to do. */
@Injectable()
export class DeployedModels {
  constructor(private readonly jobs: DeploymentJobs) {}

  /** Whether the model has the very token that the message asks for. False for a message that cannot be read. */
  async hasTokenOf(message: Uint8Array): Promise<boolean> {
    const record = recordIn(message);
    if (record === null) return false;
    const job = await this.jobs.find(record.modelId);
    return job?.state === 'deployed' && recordFingerprint(job.request.record) === recordFingerprint(record);
  }
}

function recordIn(message: Uint8Array) {
  try {
    return parseMessage(message, ANY_SIZE).request.record;
  } catch (error) {
    if (error instanceof MessageRejected) return null;
    throw error;
  }
}

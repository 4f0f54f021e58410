import type { DeploymentRequest } from '#core';
import { parseMessage } from '#messages';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';

const RULES = { maxMessageBytes: 1e6, minImprovementPercentage: 0 };

/** Messages made for one crew, and what has to become of them. */
export class ExpectedOutcomes {
  /** Of the case in hand: one message for each model that has to get its token. */
  deployed: string[] = [];
  /** Of all cases: models that have to get their token. */
  totalDeployed = 0;
  /** Of all cases: messages that have to be dead. */
  readonly deadLetters: string[] = [];
  /** Of all cases: models left to the external owner, each of which an event must report. */
  unregistered = 0;
  /** Of all cases: transactions of the crew that had to fail. */
  revertedTransactions = 0;
  /** Of all cases: transactions that another program signed with a key of the replicas. */
  foreignTransactions = 0;

  /** The next case begins. */
  startCase(): void {
    this.deployed = [];
  }

  /** Messages for new models. */
  expectTokens(modelIds: readonly string[]): string[] {
    const messages = modelIds.map((modelId) => messageFor(modelId));
    this.deployed.push(...messages);
    this.totalDeployed += messages.length;
    return messages;
  }

  /** A message that has to be dead. */
  expectDeadLetter(modelId: string): string {
    const message = messageFor(modelId);
    this.deadLetters.push(message);
    return message;
  }
}

export function requestOf(message: string): DeploymentRequest {
  return parseMessage(Buffer.from(message), RULES).request;
}

/** No retries: a crash must not cost an attempt. */
function messageFor(modelId: string): string {
  return platformMessage({ model_id: modelId }, { max_retries: 0 });
}

import { Logger } from '@nestjs/common';
import type { PooledEndpoint } from './pooled-endpoint.js';
import { RpcError } from '../rpc.errors.js';
import { classifySendError, type SendResult } from './send-result.js';

const METHOD = 'eth_sendRawTransaction';

/** Answers that say nothing about the transaction: any other one is worth more. */
const NO_ANSWER: readonly SendResult[] = ['unavailable', 'rate-limited', 'unknown'];

/** Hands signed transactions to the endpoints. */
export class TransactionBroadcaster {
  private readonly logger = new Logger('RpcPool');

  constructor(private readonly members: readonly PooledEndpoint[]) {}

  /**
   * Gives the signed bytes to every endpoint in service, or to all when none is. Returns as soon as one has taken them,
   * so that a slow endpoint delays nothing; otherwise, when all have answered, the answer that says most. Never throws.
   */
  async send(raw: string): Promise<SendResult> {
    const serving = this.members.filter(({ standing }) => standing.inService);
    const sends = (serving.length > 0 ? serving : this.members).map((member) => this.sendTo(member, raw));
    const taken = sends.map(async (send) => {
      const answer = await send;
      if (answer !== 'accepted' && answer !== 'already-known') throw new Error(answer);
      return answer;
    });
    try {
      return await Promise.any(taken);
    } catch {
      return mostInformative(await Promise.all(sends));
    }
  }

  private async sendTo(member: PooledEndpoint, raw: string): Promise<SendResult> {
    try {
      await member.request(METHOD, (endpoint) => endpoint.call(METHOD, [raw]));
      return 'accepted';
    } catch (error) {
      if (!(error instanceof RpcError)) return 'unavailable';
      const answer = classifySendError(error.message);
      if (answer === 'unknown') {
        this.logger.warn({
          event: 'transaction.answer_unknown',
          message: 'unknown response to a transaction',
          endpoint: member.name,
          error: error.message,
        });
      }
      return answer;
    }
  }
}

function mostInformative(answers: readonly SendResult[]): SendResult {
  const silent = NO_ANSWER.toReversed().find((answer) => answers.includes(answer));
  return answers.find((answer) => !NO_ANSWER.includes(answer)) ?? silent ?? 'unavailable';
}

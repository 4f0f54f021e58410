import { Logger } from '@nestjs/common';
import type { PooledEndpoint } from './pooled-endpoint.js';
import { RpcError, RpcUnavailableError } from '../rpc.errors.js';
import { classifyRpcError } from '../transport/rpc-error-classifier.js';
import type { MethodOutages } from './method-outages.js';
import { classifySendError, type SendResult } from './send-result.js';

const METHOD = 'eth_sendRawTransaction';

/** Answers that say nothing about the transaction: any other one is worth more. */
const NO_ANSWER: readonly SendResult[] = ['unavailable', 'rate-limited', 'unknown'];

/** Hands signed transactions to the endpoints. */
export class TransactionBroadcaster {
  private readonly logger = new Logger('RpcPool');

  constructor(
    private readonly members: readonly PooledEndpoint[],
    private readonly outages: MethodOutages,
  ) {}

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
      const answer = await Promise.any(taken);
      this.outages.clear(METHOD);
      return answer;
    } catch {
      const answer = mostInformative(await Promise.all(sends));
      if (answer !== 'unavailable') this.outages.clear(METHOD);
      return answer;
    }
  }

  private async sendTo(member: PooledEndpoint, raw: string): Promise<SendResult> {
    try {
      await member.request(METHOD, async (endpoint) => readHash(await endpoint.call(METHOD, [raw]), member.name));
      return 'accepted';
    } catch (error) {
      const detail = noAnswer(error, member.name);
      if (detail !== null && !member.endpoint.closed) this.outages.record(METHOD, detail);
      if (detail !== null || !(error instanceof RpcError)) return 'unavailable';
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

/** @throws RpcUnavailableError when the result is no hash: whether the node took the transaction is not known */
function readHash(result: unknown, endpoint: string): void {
  if (typeof result === 'string' && /^0x[0-9a-fA-F]{64}$/.test(result)) return;
  throw new RpcUnavailableError(`${METHOD} on ${endpoint}: the result is no transaction hash`, 'unreadable');
}

/** Why the node has not looked at the transaction at all; null when it has. */
function noAnswer(error: unknown, endpoint: string): string | null {
  if (error instanceof RpcUnavailableError) return error.message;
  if (!(error instanceof RpcError) || classifyRpcError(error) !== 'unsupported') return null;
  return `${METHOD} on ${endpoint}: error ${error.code} (unsupported)`;
}

function mostInformative(answers: readonly SendResult[]): SendResult {
  const silent = NO_ANSWER.toReversed().find((answer) => answers.includes(answer));
  return answers.find((answer) => !NO_ANSWER.includes(answer)) ?? silent ?? 'unavailable';
}

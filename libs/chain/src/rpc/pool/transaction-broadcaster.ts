import { Logger } from '@nestjs/common';
import type { PooledEndpoint } from './pooled-endpoint.js';
import { RpcError, RpcUnavailableError } from '../rpc.errors.js';
import { classifyRpcError } from '../transport/rpc-error-classifier.js';
import type { MethodOutages } from './method-outages.js';
import { quoteNode } from './node-words.js';
import { classifySendError, DEFINITE_REFUSALS, type SendReport, type SendResult } from './send-result.js';

const METHOD = 'eth_sendRawTransaction';

/** Result of one endpoint. */
type SendAnswer = Pick<SendReport, 'result' | 'words'>;

/** Broadcasts signed transactions to the endpoints. */
export class TransactionBroadcaster {
  private readonly logger = new Logger('RpcPool');

  constructor(
    private readonly members: readonly PooledEndpoint[],
    private readonly outages: MethodOutages,
  ) {}

  /**
   * Broadcasts to every endpoint in service, or to all when none is. Returns as soon as one accepts the transaction.
   * Otherwise waits for all answers and returns the most informative one. Never throws.
   */
  async send(raw: string): Promise<SendReport> {
    const serving = this.members.filter(({ health }) => health.inService);
    const sends = (serving.length > 0 ? serving : this.members).map((member) => this.sendTo(member, raw));
    const taken = sends.map(async (send) => {
      const answer = await send;
      if (answer.result !== 'accepted' && answer.result !== 'already-known') throw new Error(answer.result);
      return answer;
    });
    try {
      const answer = await Promise.any(taken);
      this.outages.clear(METHOD);
      return { ...answer, refusedByAll: false };
    } catch {
      const answers = await Promise.all(sends);
      const answer = mostInformative(answers);
      if (answer.result !== 'unavailable') this.outages.clear(METHOD);
      return { ...answer, refusedByAll: answers.every(({ result }) => DEFINITE_REFUSALS.has(result)) };
    }
  }

  private async sendTo(member: PooledEndpoint, raw: string): Promise<SendAnswer> {
    try {
      await member.request(METHOD, async (endpoint) => readHash(await endpoint.call(METHOD, [raw]), member.name));
      return { result: 'accepted', words: null };
    } catch (error) {
      const detail = noAnswer(error, member.name);
      if (detail !== null && !member.endpoint.closed) this.outages.record(METHOD, detail);
      if (detail !== null || !(error instanceof RpcError)) return { result: 'unavailable', words: null };
      const result = classifySendError(error.message);
      const words = quoteNode(error.message);
      if (result === 'unknown') {
        this.logger.warn({
          event: 'transaction.answer_unknown',
          message: 'unknown response to a transaction',
          endpoint: member.name,
          error: words,
        });
      }
      return { result, words };
    }
  }
}

/** @throws RpcUnavailableError when the result is no hash: whether the node accepted the transaction is unknown */
function readHash(result: unknown, endpoint: string): void {
  if (typeof result === 'string' && /^0x[0-9a-fA-F]{64}$/.test(result)) return;
  throw new RpcUnavailableError(`${METHOD} on ${endpoint}: the result is no transaction hash`, 'unreadable');
}

/** Returns why the node did not process the transaction, or null when it did. */
function noAnswer(error: unknown, endpoint: string): string | null {
  if (error instanceof RpcUnavailableError) return error.message;
  if (!(error instanceof RpcError) || classifyRpcError(error) !== 'unsupported') return null;
  return `${METHOD} on ${endpoint}: error ${error.code} (unsupported)`;
}

/** Prefers a refusal to an unknown error, and an unknown error to no answer. */
function mostInformative(answers: readonly SendAnswer[]): SendAnswer {
  const uninformative: readonly SendResult[] = ['unknown', 'rate-limited', 'unavailable'];
  const said = answers.find(({ result }) => !uninformative.includes(result));
  const ranked = uninformative.flatMap((each) => answers.filter(({ result }) => result === each));
  return said ?? ranked[0] ?? { result: 'unavailable', words: null };
}

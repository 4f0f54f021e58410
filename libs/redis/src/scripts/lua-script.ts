import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ChainableCommander, Redis } from 'ioredis';
import { waitUntilReady } from '../connection/wait-until-ready.js';
import { RedisUnavailableError, unwrapReply } from '../redis.errors.js';
import { addCommandsOf, forgetPermissions, provePermissions } from './script-permissions.js';
import { timed } from './script-timing.js';

/** Strings are sent as UTF-8, numbers in decimal, bytes as they are. */
export type ScriptArgument = string | number | Uint8Array;

/** Number of replicas to wait for, and the timeout in milliseconds. */
export interface ReplicaWait {
  readonly count: number;
  readonly timeoutMs: number;
}

const REPEATS = 2;

/** A script of one or several `.lua` files, run by its SHA-1. Sends the text again after Redis restarted. */
export class LuaScript {
  private readonly text: string;
  private readonly sha: string;
  private readonly name: string;
  private readonly writes: boolean;

  /** @param parts such as `new URL('../lua/claim.lua', import.meta.url)`; functions before their callers */
  constructor(...parts: readonly URL[]) {
    const text = parts.map((part) => readFileSync(part, 'utf8')).join('\n');
    const { writes, check } = addCommandsOf(text);
    this.writes = writes;
    this.text = writes ? `${check}\n${text}` : text;
    this.name = basename(parts.at(-1)?.pathname ?? '', '.lua');
    this.sha = createHash('sha1').update(this.text).digest('hex');
  }

  /**
   * Runs the script once. Bulk replies are Buffers, integers numbers.
   *
   * @throws RedisUnavailableError; `replyLost` when it may have run
   * @throws RedisCommandError
   */
  async run(redis: Redis, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    const rest = [keys.length, ...keys, ...args.map(bytesOrText)];
    return await timed(this.name, async () => await this.permitted(redis, keys, () => this.evaluate(redis, rest)));
  }

  /** Runs an idempotent script. Repeats it at most twice after a lost reply. */
  async runIdempotent(redis: Redis, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    for (let repeats = 0; ; repeats += 1) {
      await waitUntilReady(redis);
      try {
        return await this.run(redis, keys, args);
      } catch (error) {
        if (!(error instanceof RedisUnavailableError && error.replyLost) || repeats === REPEATS) throw error;
      }
    }
  }

  /**
   * Runs the script once, then waits on the same socket for `count` replicas or the timeout.
   *
   * @returns the reply and the number of replicas that have the write
   * @throws like `run`
   */
  async runReplicated(
    redis: Redis,
    keys: readonly string[],
    args: readonly ScriptArgument[],
    { count, timeoutMs }: ReplicaWait,
  ): Promise<{ readonly reply: unknown; readonly replicas: number }> {
    await waitUntilReady(redis);
    const rest = [keys.length, ...keys, ...args.map(bytesOrText)];
    return await timed(this.name, async () => {
      const wait = [count, timeoutMs] as const;
      const [reply, replicas] = await this.permitted(redis, keys, () => this.evaluateReplicated(redis, rest, wait));
      return { reply, replicas: Number(replicas) };
    });
  }

  private async permitted<T>(redis: Redis, keys: readonly string[], evaluate: () => Promise<T>): Promise<T> {
    if (this.writes) await provePermissions(redis, keys);
    try {
      return await unwrapReply(evaluate());
    } catch (error) {
      forgetPermissions(redis, error);
      throw error;
    }
  }

  private async evaluateReplicated(
    redis: Redis,
    rest: readonly (string | number | Buffer)[],
    wait: readonly [count: number, timeoutMs: number],
  ): Promise<readonly unknown[]> {
    try {
      return await repliesOf(
        redis
          .pipeline()
          .callBuffer('EVALSHA', this.sha, ...rest)
          .wait(...wait),
      );
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return await repliesOf(
        redis
          .pipeline()
          .callBuffer('EVAL', this.text, ...rest)
          .wait(...wait),
      );
    }
  }

  private async evaluate(redis: Redis, rest: readonly (string | number | Buffer)[]): Promise<unknown> {
    try {
      return await redis.callBuffer('EVALSHA', this.sha, ...rest);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return await redis.callBuffer('EVAL', this.text, ...rest);
    }
  }
}

// ioredis sends other Uint8Arrays as comma-separated decimals.
function bytesOrText(argument: ScriptArgument): string | number | Buffer {
  if (!(argument instanceof Uint8Array)) return argument;
  return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
}

/** Sends both commands on one socket: WAIT covers only writes of its own connection. */
async function repliesOf(pipeline: ChainableCommander): Promise<readonly unknown[]> {
  const results = (await pipeline.exec()) ?? [];
  const failed = results.find(([error]) => error !== null);
  if (failed?.[0]) throw failed[0];
  return results.map(([, reply]) => reply);
}

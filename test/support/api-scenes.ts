import request from 'supertest';
import { Held } from '#core';
import { aDeployedToken } from './builders/deployed-token.js';
import { aDeadLetter } from './fakes/dead-letter.js';
import { aDeploymentJob, aSignedAttempt } from './fakes/deployment-job.js';
import { LANE, OpsApp, OPERATE_TOKEN, READ_TOKEN } from './ops-app.js';

type Method = 'get' | 'post' | 'delete';
type Answer = Promise<request.Response>;
const HASH = `0x${'ab'.repeat(32)}`;

/** The service over ports in memory, with one of everything in them. */
export async function aStage(configured = true): Promise<OpsApp> {
  const tokens = configured ? { operateToken: OPERATE_TOKEN, readToken: READ_TOKEN } : NO_TOKENS;
  const ops = await new OpsApp().start(tokens);
  ops.state.markReady();
  ops.deadLetters.entries = [aDeadLetter('some')];
  ops.jobs.jobs = [aDeployedJob()];
  ops.queue.holdersNow = [{ worker: 'pod-1:0a1b2c3d', messages: 3, leaseLeftMs: 12_500 }];
  ops.lanes.state = {
    nextNonce: 8,
    closedBlock: null,
    slots: [{ nonce: 7, modelIds: ['m'], attempts: [anAttempt()] }],
  };
  ops.lanes.tenureNow = { owner: 'pod-1:0a1b2c3d', epoch: 3, leaseLeftMs: 12_500 };
  return ops;
}

/** One operation of that service. */
export class Scene {
  private constructor(
    readonly ops: OpsApp,
    private readonly url: string,
    private readonly method: Method,
    private readonly template: string,
  ) {}

  /** @param operation such as `GET /dlq/{id}` */
  static async of(ops: OpsApp, operation: string): Promise<Scene> {
    const [method = '', template = ''] = operation.split(' ');
    const found = (['get', 'post', 'delete'] as const).find((it) => it.toUpperCase() === method);
    if (found === undefined) throw new Error(`no such method: ${method}`);
    return new Scene(ops, await ops.url(), found, template);
  }

  /** The request itself, with the operator's token unless another, or none, is given. */
  ask({ token = OPERATE_TOKEN, id = 'some', query = '' }: { token?: string | null; id?: string; query?: string } = {}) {
    const path = this.template.replaceAll(/\{\w+\}/g, id);
    const needed = this.method === 'delete' && query === '' ? '?note=test' : query;
    const asked = request(this.url)[this.method](path + needed);
    return token === null ? asked : asked.auth(token, { type: 'bearer' });
  }

  /** Another request, with the operator's token. */
  before(method: Method, path: string, body?: object) {
    const asked = request(this.url)[method](path).auth(OPERATE_TOKEN, { type: 'bearer' });
    return body === undefined ? asked : asked.send(body);
  }

  /** Every port fails from now on. */
  breakPorts(error: Error): void {
    const { queue, deadLetters, jobs, audit, keys, replays, lanes } = this.ops;
    const fail = async (): Promise<never> => {
      throw error;
    };
    for (const port of [queue, deadLetters, jobs, audit, keys, replays, lanes]) {
      for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(port))) {
        if (name !== 'constructor') Reflect.set(port, name, fail);
      }
    }
    this.ops.metrics.registry.metrics = fail;
  }

  /** A replay that does not end, because each of its steps waits. */
  async runningReplay(): Promise<string> {
    this.ops.replays.step = async () => await Promise.resolve({ kind: 'wait', ms: 60_000 });
    return idIn(await this.before('post', '/dlq/replay', { max_per_second: 1 }));
  }
}

const NO_TOKENS = { operateToken: null, readToken: null };

function idIn(response: request.Response): string {
  return String((response.body as { id: unknown }).id);
}

function anAttempt() {
  return { ...aSignedAttempt(HASH), raw: '0x02' };
}

function aDeployedJob() {
  const token = aDeployedToken({ transactionHash: HASH, registryTransactionHash: HASH });
  const attempts = [aSignedAttempt(`0x${'cd'.repeat(32)}`), aSignedAttempt(HASH)];
  return aDeploymentJob('some', {
    state: 'deployed',
    token,
    attempts,
    eventId: 'event-1',
    slot: { lane: LANE, nonce: 7 },
  });
}

/** How each kind of problem comes about, for every operation that may have it. */
export const PROBLEM_SCENES: Readonly<Record<string, (scene: Scene) => Answer>> = {
  'malformed-request': async (scene) => {
    const inPath = await scene.ask({ id: '%E0%A4%A' });
    return inPath.status === 400 ? inPath : await scene.ask().type('json').send('{');
  },
  'invalid-request': async (scene) => {
    const inQuery = await scene.ask({ query: '?note=test&surprise=1' });
    return inQuery.status === 400 ? inQuery : await scene.ask().send({ surprise: 1 });
  },
  unauthorized: async (scene) => await scene.ask({ token: null }),
  forbidden: async (scene) => await scene.ask({ token: READ_TOKEN }),
  'not-found': async (scene) => await scene.ask({ id: 'nothing' }),
  'replay-running': async (scene) => {
    await scene.runningReplay();
    return await scene.ask();
  },
  'replay-ended': async (scene) => {
    return await scene.ask({ id: idIn(await scene.before('post', '/dlq/replay')) });
  },
  'already-deployed': async (scene) => {
    scene.ops.tokens.tokens.set('model-some', LANE);
    return await scene.ask();
  },
  'already-restored': async (scene) => {
    await scene.before('delete', '/dlq/some?note=test');
    await scene.ask({ id: '1-0' });
    return await scene.ask({ id: '1-0' });
  },
  'request-in-progress': async (scene) => {
    scene.ops.keys.reserve = async () => await Promise.resolve({ kind: 'in_progress' });
    return await scene.ask().set('idempotency-key', 'key');
  },
  'idempotency-key-reused': async (scene) => {
    scene.ops.keys.reserve = async () => await Promise.resolve({ kind: 'mismatch' });
    return await scene.ask().set('idempotency-key', 'key');
  },
  'payload-too-large': async (scene) => await scene.ask().send({ note: 'x'.repeat(70_000) }),
  'unsupported-media-type': async (scene) => await scene.ask().type('text/plain').send('{}'),
  unreplayable: async (scene) => {
    scene.ops.deadLetters.entries = [aDeadLetter('some', { originalMessage: null })];
    return await scene.ask();
  },
  'too-many-failures': async (scene) => {
    for (let attempt = 0; attempt < 10; attempt++) await scene.ask({ token: 'wrong-token-000000' });
    return await scene.ask();
  },
  'internal-error': async (scene) => {
    scene.breakPorts(new Error('canary'));
    return await scene.ask();
  },
  'dependency-unavailable': async (scene) => {
    scene.breakPorts(new Held('redis_unavailable', 'canary'));
    return await scene.ask();
  },
  'worker-loop-stalled': async (scene) => {
    Object.defineProperty(scene.ops.state, 'sinceLastTurnMs', { value: 120_001 });
    return await scene.ask();
  },
  'not-ready': async (scene) => {
    scene.ops.redis.answer = () => ({ status: 'down', detail: 'gone' });
    return await scene.ask();
  },
};

/** How an answer that is no problem comes about, where the request alone is not enough. */
export const ANSWER_SCENES: Readonly<Record<string, (scene: Scene) => Answer>> = {
  'GET /health 503': async (scene) => {
    scene.ops.redis.answer = () => ({ status: 'down', detail: null });
    scene.ops.holds.hold('fee_above_cap', 'the fee is above the cap');
    return await scene.ask();
  },
  'POST /dlq/replay 202': async (scene) => {
    scene.ops.replays.step = async () => await Promise.resolve({ kind: 'wait', ms: 60_000 });
    return await scene.ask().send({ filter: { reason: 'conflict' }, max_per_second: 1, note: 'test' });
  },
  'GET /dlq/replays/{id} 200': async (scene) => {
    return await scene.ask({ id: idIn(await scene.before('post', '/dlq/replay', { ids: ['some', 'nothing'] })) });
  },
  'DELETE /dlq/replays/{id} 202': async (scene) => await scene.ask({ id: await scene.runningReplay() }),
  'GET /audit 200': async (scene) => {
    const { audit } = scene.ops;
    const record = { id: '1-0', at: 0, operation: 'discard', actor: 'operate', requestId: 'r', note: null };
    audit.records = [{ ...record, details: { entry_id: 'some' }, element: Buffer.from('{"error":"e"}') }];
    return await scene.ask();
  },
  'POST /audit/{id}/restore 200': async (scene) => {
    await scene.before('delete', '/dlq/some?note=test');
    return await scene.ask({ id: '1-0' });
  },
};

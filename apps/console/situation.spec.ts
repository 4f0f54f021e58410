import { describe, expect, it } from 'vitest';
import type { HealthBody } from './api-types.d.js';
import { Situation } from './situation.js';

function health(changes: Partial<HealthBody> = {}): HealthBody {
  const said = { service: 'token-deployer', version: '1.2.3', queue_stats: null };
  return { ...said, status: 'healthy', phase: 'ready', components: {}, holds: [], ...changes };
}

const NO_LANE = {
  reason: 'no_lane',
  since: '2026-03-01T12:00:00.000Z',
  detail: 'every signer is with another replica',
  lane: null,
  scope: 'service',
  replicas: ['pod:a'],
  blocks: { messages: 0, transactions: null },
  ends: 'a replica acquires the lease of an account',
  runbook: 'docs/runbooks/consumer-held.md',
};
const HELD =
  'Held: no_lane: every signer is with another replica. Ends when a replica acquires the lease of an account. ' +
  'See docs/runbooks/consumer-held.md';

describe('HealthSnapshotService', () => {
  it('has no trouble when all is well', () => {
    const situation = new Situation();
    situation.add('a', 0, health({ components: { redis: { status: 'up', detail: null } } }));
    expect(situation.troubles()).toEqual([]);
  });

  it('lists holds, degraded components and phases, the worst first', () => {
    const situation = new Situation();
    const components = {
      rpc: { status: 'degraded', detail: 'one of two' },
      redis: { status: 'down', detail: 'no answer' },
    };
    situation.add('a', 0, health({ phase: 'draining', components, holds: [NO_LANE] }));
    expect(situation.troubles().map(({ level, text }) => `${level} ${text}`)).toEqual([
      'bad redis is down: no answer',
      'warn rpc is degraded: one of two',
      'warn The service is draining',
      `warn ${HELD}`,
    ]);
  });

  it('leaves the pause to its own line', () => {
    const situation = new Situation();
    situation.add('a', 0, health({ holds: [{ ...NO_LANE, reason: 'paused' }] }));
    expect(situation.troubles()).toEqual([]);
  });

  it('shows a hold once, as the newest answer has it: every replica shows the holds of all', () => {
    const situation = new Situation();
    situation.add('a', 0, health({ holds: [NO_LANE] }));
    situation.add('b', 1000, health({ holds: [NO_LANE] }));
    expect(situation.troubles().map(({ text }) => text)).toEqual([HELD]);
    situation.add('a', 2000, health());
    expect(situation.troubles()).toEqual([]);
  });

  it('keeps what every replica said, by name, until it is gone', () => {
    const situation = new Situation();
    situation.add('a', 0, health({ phase: 'draining' }));
    situation.add('b', 1000, health());
    expect(situation.troubles().map(({ text }) => text)).toEqual(['Replica a: The service is draining']);
    situation.add('b', 40_000, health());
    expect(situation.replicas).toBe(1);
    expect(situation.troubles()).toEqual([]);
  });
});

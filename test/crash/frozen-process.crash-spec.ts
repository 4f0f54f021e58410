import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Failpoint } from '#core';
import { ServiceProcess } from '../support/process/service-process.js';
import { until } from '../support/until.js';
import { ReplicaSet } from './replica-set.js';
import { FactoryEnvironment } from './factory-environment.js';
import { ExpectedOutcomes } from './expected-outcomes.js';
import { findViolations } from './find-violations.js';

describe('A replica that is frozen just before it writes, loses its lane meanwhile, and wakes up', () => {
  let site: FactoryEnvironment;
  let crew: ReplicaSet;
  let frozen: ServiceProcess;
  let heir: ServiceProcess;
  let orders: ExpectedOutcomes;

  beforeAll(async () => {
    site = await FactoryEnvironment.start();
  });
  beforeEach(async () => {
    // Messages stay with the frozen replica: the heir has the lane and nothing to do with it.
    const env = { LEASE_DURATION: '60', FAILPOINT_SIGNAL: 'SIGSTOP' };
    crew = await ReplicaSet.open(site, `frozen:${randomUUID()}`, { replicas: 2, env });
    [frozen, heir] = crew.replicas as [ServiceProcess, ServiceProcess];
    await frozen.start();
    await until('the lane to be taken', async () => (await epoch()) === 1);
    await heir.start();
    orders = new ExpectedOutcomes();
  });
  afterEach(() => crew.stop());
  afterAll(() => site.stop());

  const address = (): string => crew.wallets[0]?.address ?? '';
  const epoch = async (): Promise<number> => Number(await crew.redis.hget(crew.ledger.lane(address()), 'epoch'));

  const freezeAt = async (place: Failpoint): Promise<void> => {
    const [, gateOfHeir] = crew.proxies;
    // The heir is cut off from the chain first: it must not write anything meanwhile.
    if (gateOfHeir) gateOfHeir.sendOnly = true;
    frozen.crashAt(place);
    await crew.platform.pushAtOnce(
      orders.expectTokens(['frozen', 'frozen'].map((name) => crew.contracts.newModelId(name))),
    );
    await until('the freeze', () => frozen.output.includes(`failpoint: SIGSTOP at ${place}`));
    await until('the heir to take the lane', async () => (await epoch()) === 2);
  };

  const wakes = async (): Promise<void> => {
    frozen.signal('SIGCONT');
    await until('the woken replica to stand by', async () => {
      const { body } = await frozen.request('GET', '/health');
      return JSON.stringify(body).includes('standby: ');
    });
  };

  it('between signing and the journal: nothing of it is journalled or sent', async () => {
    await freezeAt('signed');
    await wakes();

    expect(await crew.redis.hlen(crew.ledger.slots(address()))).toBe(0);
    crew.openProxies();
    await crew.waitUntilSettled();
    expect(crew.proxies.map(({ sent }) => new Set(sent).size)).toEqual([0, 1]);
    expect(await findViolations(crew, orders)).toEqual([]);
  });

  it('between finality and settlement: only the heir settles', async () => {
    await freezeAt('final');
    await wakes();

    expect(await crew.platform.events()).toEqual([]);
    expect(await crew.redis.zcard(crew.ledger.jobs('submitted'))).toBe(2);
    crew.openProxies();
    await crew.waitUntilSettled();
    expect(await findViolations(crew, orders)).toEqual([]);
  });
});

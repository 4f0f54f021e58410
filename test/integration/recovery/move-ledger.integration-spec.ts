import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runMoveLedger } from '../../../apps/cli/src/move-ledger/move-ledger.runner.js';
import { formatMove } from '../../../apps/cli/src/move-ledger/move-ledger.formatter.js';
import { deployFactory } from '#contracts';
import { queueHome } from '#queue';
import { Anvil, ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { signerCreator } from '../../support/chain/test-signer.js';
import { RedisServer } from '../../support/redis/redis-server.js';
import { deployed, LedgerFixture, request, slot, token } from '../ledger/ledger.fixture.js';

const [ADMIN] = ANVIL_ACCOUNTS;

describe('ledger:move', () => {
  let anvil: Anvil;
  let redis: RedisServer;
  let former: LedgerFixture;
  let current: string;

  beforeAll(async () => {
    [anvil, redis] = await Promise.all([Anvil.start(), RedisServer.start()]);
    const deployment = {
      request: anvil.request,
      createSigner: signerCreator(ADMIN.privateKey),
      admin: ADMIN.address,
      grants: [],
    };
    current = (await deployFactory(deployment)).factoryAddress;
    former = await LedgerFixture.open(redis);
  });
  beforeEach(async () => {
    await former.redis.flushall();
    const { lease } = await former.submitted('made');
    await former.jobs.complete({ lease, nonce: 7 }, [deployed('made')]);
    await former.admit(request('waiting'));
    await former.redis.hset(former.queue.home, { ...queueHome(former.options) });
  });
  afterAll(async () => {
    former.close();
    await Promise.all([anvil.stop(), redis.stop()]);
  });

  const environment = (changes: Readonly<Record<string, string>> = {}) => ({
    CHAIN_ID: '31337',
    WEB3_PROVIDER_URL: anvil.url,
    REDIS_URL: redis.url,
    QUEUE_NAME: former.options.queueName,
    DEPLOYED_QUEUE_NAME: former.options.deployedQueueName,
    FACTORY_ADDRESS: current,
    FORMER_FACTORIES: former.options.contract,
    ...changes,
  });
  const home = () => former.redis.hgetall(former.queue.home);

  it('says which models have tokens where, and writes nothing with --dry-run', async () => {
    const before = await former.contents();
    const report = await runMoveLedger(environment(), { dryRun: true });
    expect(report).toMatchObject({ moved: false, obstacles: [], jobs: { deployed: 1, admitted: 1, submitted: 0 } });
    expect(formatMove(report).split('\n')).toEqual(
      expect.arrayContaining([
        `model made  token ${token().tokenAddress} in ${former.options.contract.toLowerCase()}`,
        expect.stringContaining(`to    chain 31337, contract ${current.toLowerCase()}`) as string,
        'dry run: nothing was written',
      ]),
    );
    expect(await former.contents()).toEqual(before);
  });

  it('pins the queue to the contract of the environment and remembers the former one', async () => {
    expect(await runMoveLedger(environment())).toMatchObject({ moved: true, obstacles: [] });
    expect(await home()).toEqual({ ...queueHome({ chainId: 31337, contract: current }), model_id_source: 'model_id' });
    const homes = await former.redis.smembers(former.queue.formerHomes);
    expect(homes).toEqual([`31337 ${former.options.contract.toLowerCase()}`]);
  });

  it('refuses while a transaction of the former home is open', async () => {
    const lease = await former.lane(7);
    await former.journal.commit(lease, slot({ modelIds: ['waiting'] }));
    const report = await runMoveLedger(environment());
    expect(report.moved).toBe(false);
    expect(report.obstacles).toEqual([expect.stringContaining('1 jobs are in open transactions')]);
    expect(await home()).toEqual(queueHome(former.options));
  });

  it('refuses to leave a contract that the service would not ask', async () => {
    const { FORMER_FACTORIES: _, ...forgetful } = environment();
    const report = await runMoveLedger(forgetful);
    expect(report.obstacles).toEqual([expect.stringContaining('FORMER_FACTORIES or FORMER_TOKEN_MANAGERS must name')]);
    expect(await home()).toEqual(queueHome(former.options));
  });

  it('moves to another chain only when second tokens are accepted', async () => {
    await former.redis.hset(former.queue.home, 'chain_id', '5');
    await former.redis.rename(former.keys.jobs(), former.sibling({ chainId: 5 }).keys.jobs());
    await former.redis.rename(former.keys.job('made'), former.sibling({ chainId: 5 }).keys.job('made'));
    const refused = await runMoveLedger(environment());
    expect(refused.obstacles).toEqual([expect.stringContaining('1 models have a token on chain 5')]);
    expect(await runMoveLedger(environment(), { acceptSecondTokens: true })).toMatchObject({ moved: true });
  });

  it('names models by another field only when second tokens are accepted', async () => {
    await former.redis.hset(former.queue.home, 'model_id_source', 'mlflow_run_id');
    const refused = await runMoveLedger(environment());
    expect(refused.obstacles).toEqual([expect.stringContaining('1 models were named by mlflow_run_id')]);
    expect(await runMoveLedger(environment(), { acceptSecondTokens: true })).toMatchObject({ moved: true });
  });

  it('says that a queue without a claim has no home', async () => {
    await former.redis.del(former.queue.home);
    await expect(runMoveLedger(environment())).rejects.toThrow('has no home yet');
  });
});

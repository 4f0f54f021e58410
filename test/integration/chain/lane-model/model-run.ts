import { ANVIL_ACCOUNTS } from '../../../support/chain/anvil.js';
import { ChainReplica } from '../../../support/chain/chain-replica.js';
import type { RedisServer } from '../../../support/redis/redis-server.js';
import { until } from '../../../support/until.js';
import { ModelBackend } from './model-backend.js';
import { CONFIRMATIONS, GWEI, ModelChain } from './model-chain.js';
import { ModelNode } from './model-node.js';
import { Replicas } from './replicas.js';
import { SILENT_LOGGER } from './silent-logger.js';
import { SlotInvariants } from './slot-invariants.js';
import { Counters } from './counters.js';

const { address, privateKey } = ANVIL_ACCOUNTS[1];
const CAP_GWEI = 200n;
const REPLICAS = 2;
let runs = 0;

/** A model chain, and replicas of the real thing that share a lane of it, on a ledger of their own. */
export class ModelRun {
  readonly counters = new Counters();
  private readonly models: string[] = [];

  private constructor(
    readonly chain: ModelChain,
    readonly node: ModelNode,
    /** Reads the journal, and works on nothing. */
    readonly ledger: ChainReplica,
    readonly invariants: SlotInvariants,
    readonly replicas: Replicas,
  ) {}

  static async start(redis: RedisServer): Promise<ModelRun> {
    const chain = new ModelChain(address);
    const node = await ModelNode.start(chain);
    const env = environment(redis, node);
    const create = async (owner: string) =>
      await ChainReplica.create(owner, SILENT_LOGGER, env, new ModelBackend(chain, node));
    const ledger = await create('reader');
    const rules = new SlotInvariants(chain, ledger, CAP_GWEI * GWEI);
    node.onSend = rules.check;
    const replicas = new Replicas(ledger, address, create);
    const play = new ModelRun(chain, node, ledger, rules, replicas);
    while (replicas.count < REPLICAS) await replicas.join();
    return play;
  }

  async stop(): Promise<void> {
    await this.replicas.stop();
    await this.ledger.stop();
    await this.node.stop();
  }

  /** Messages for new models come in. */
  async submit(count: number): Promise<void> {
    const more = Array.from({ length: count }, (_, n) => `model-${this.models.length + n}`);
    this.models.push(...more);
    await this.replicas.submit(more);
  }

  /** Lets every replica look at the head a few times. */
  async waitForHeadReads(times: number): Promise<void> {
    const wanted = this.node.count('eth_getBlockByNumber') + times * REPLICAS;
    await until('looks at the head', () => this.node.count('eth_getBlockByNumber') >= wanted);
  }

  /**
   * Everything works again, and blocks are made until every model has its token and journal and chain agree, or a promise
   * was broken.
   */
  async recover(): Promise<void> {
    this.node.recover();
    this.chain.normalizeFees();
    const ended = async () => this.invariants.violations.length > 0 || (await this.allSettled());
    await until('every job to end', ended, { timeoutMs: 90_000, everyMs: 50 });
    if (this.invariants.violations.length > 0) return;
    // The lane learns of foreign transactions behind its last slot when its next tenure begins.
    if (!(await this.ledgerMatchesChain())) await this.replicas.expireLease();
    await until('journal and chain to agree', () => this.ledgerMatchesChain(), { timeoutMs: 90_000 });
  }

  /** Counts what slots went through. */
  count(): Counters {
    const { arrivals } = this.invariants;
    const nonces = new Set(arrivals.map(({ nonce }) => nonce));
    const hashes = new Set(arrivals.map(({ hash }) => hash));
    const mined = this.chain.mined();
    this.counters.add('replacement', hashes.size - nonces.size);
    this.counters.add(
      'offer at the cap',
      arrivals.filter(({ maxFeePerGas }) => maxFeePerGas === CAP_GWEI * GWEI).length,
    );
    this.counters.add('bytes sent again', arrivals.length - hashes.size);
    const foreign = mined.filter(({ models, nonce }) => models.length === 0 && nonces.has(nonce));
    this.counters.add('nonce taken by a foreign transaction', foreign.length);
    this.counters.add('transaction reverted', mined.filter(({ succeeded }) => !succeeded).length);
    return this.counters;
  }

  /** What of the promises was not kept; nothing after a good play. */
  async violations(): Promise<readonly string[]> {
    if (this.invariants.violations.length > 0) return this.invariants.violations;
    const wrong = this.models.filter((model) => this.chain.transactionsOf(model).length !== 1);
    const premature = this.replicas.returned.filter(({ modelId, nonce }) =>
      this.chain.transactionsOf(modelId).some((carrier) => carrier.nonce === nonce),
    );
    const events = (await this.ledger.eventModelIds()).toSorted();
    const expected = this.models.toSorted();
    return [
      ...premature.map(({ modelId, nonce }) => `J3: nonce ${nonce} was given up, and made the token of ${modelId}`),
      ...wrong.map((model) => `T1: ${this.chain.transactionsOf(model).length} transactions deployed ${model}`),
      ...(events.join() === expected.join() ? [] : [`E1: events for ${events.join()} instead of ${expected.join()}`]),
    ];
  }

  private async allSettled(): Promise<boolean> {
    this.chain.mine();
    const jobs = await Promise.all(this.models.map((model) => this.ledger.jobs.find(model)));
    // A message that its replica could not serve comes back to any of them.
    const undone = jobs.flatMap((job) => (job?.state === 'admitted' ? [job.request.record.modelId] : []));
    if (undone.length > 0) await this.replicas.submit(undone);
    return jobs.every((job) => job?.state === 'deployed') && (await this.ledger.slots()).length === 0;
  }

  private async ledgerMatchesChain(): Promise<boolean> {
    this.chain.mine();
    const { nextNonce } = await this.ledger.journal.read(address);
    return nextNonce === this.chain.mined().length;
  }
}

function environment(redis: RedisServer, node: ModelNode) {
  runs += 1;
  return {
    CHAIN_ID: '31337',
    WEB3_PROVIDER_URL: node.url,
    DEPLOYER_PRIVATE_KEY: privateKey,
    FACTORY_ADDRESS: address,
    REDIS_URL: redis.url,
    QUEUE_NAME: `ready-${runs}`,
    DEPLOYED_QUEUE_NAME: `deployed-${runs}`,
    CONFIRMATIONS: String(CONFIRMATIONS),
    REPLACE_AFTER: '0.1',
    MAX_FEE_PER_GAS_GWEI: String(CAP_GWEI),
    BATCH_WAIT_MS: '0',
    BLOCK_POLL_INTERVAL: '0.02',
    LANE_LEASE: '1',
    // The head of a node that falls behind is soon believed.
    RPC_MAX_LAG: '0.1',
    RPC_PROBE_INTERVAL: '0.05',
  };
}

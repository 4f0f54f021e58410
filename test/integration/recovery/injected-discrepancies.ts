import { keccak256, Wallet } from 'ethers';
import { type DeployedToken, DeploymentJobs, JobRestoration, LaneJournal } from '#core';
import { eventIdOf } from '#messages';
import { aClaimedMessage } from '../../support/fixtures/claimed-message.fixture.js';
import { aDeployedToken } from '../../support/fixtures/deployed-token.fixture.js';
import { aDeploymentJob } from '../../support/fixtures/deployment-job.fixture.js';
import { until } from '../../support/until.js';
import type { ServiceFixture } from './service.fixture.js';

const QUEUE = 'hokusai:model_ready_queue';
const EVENTS = 'hokusai:token_deployed_queue';
/** Emits what its calldata says: four topics, then the data. */
const EMITTER = '0x608036036080600037606035604035602035600035608036036000a400';

/** Ruins single things of a system that was right: the first two models deployed, the service stopped. */
export class InjectedDiscrepancies {
  constructor(private readonly scene: ServiceFixture) {}

  /** A field of the job of the first model; null takes it away. */
  async jobField(name: string, value: string | null): Promise<void> {
    const key = await this.scene.jobKey(this.first);
    if (value === null) await this.scene.redis.hdel(key, name);
    else await this.scene.redis.hset(key, name, value);
  }

  /** Replaces a part of a field of the job of the first model. */
  async jobText(name: string, part: RegExp, by: string): Promise<void> {
    const text = await this.scene.redis.hget(await this.scene.jobKey(this.first), name);
    await this.jobField(name, (text ?? '').replace(part, by));
  }

  /** The first model in another state, with its index. */
  async jobState(state: string): Promise<void> {
    await this.jobField('token', null);
    await this.jobField('eventId', null);
    await this.moved(state);
  }

  /** The first model as if its registration were still to come. */
  async jobUnregistered(): Promise<void> {
    await this.jobText('token', /"registryTransactionHash":"0x[0-9a-f]*"/, '"registryTransactionHash":null');
    await this.jobField('eventId', this.eventId(this.first, 'token_deployed_unregistered'));
    await this.moved('deployed_unregistered');
  }

  async unindexed(): Promise<void> {
    await this.scene.redis.zrem(`${await this.index()}:deployed`, this.first);
  }

  async jobLost(): Promise<void> {
    const index = await this.index();
    await this.unindexed();
    await this.scene.redis.del(await this.scene.jobKey(this.first));
    await this.scene.redis.zrem(index, this.first);
  }

  /** A job that says that it is deployed, of a model that has no token or that one. */
  async jobOfNothing(token: DeployedToken = aDeployedToken()): Promise<void> {
    const { request } = aDeploymentJob(this.scene.models.ghost);
    const publishedAs = (modelId: string): string => this.eventId(modelId);
    await this.inService((service) => service.get(JobRestoration).restore([{ request, token }], { publishedAs }));
  }

  async jobAdmitted(): Promise<void> {
    const { request } = aDeploymentJob(this.scene.models.fresh);
    await this.inService((service) => service.get(DeploymentJobs).admit([{ request, message: aClaimedMessage() }]));
  }

  /** An open slot of the lane, whose signed bytes are those of `signed`. Nonces count from the lane's next one. */
  async slot({ nonce, next, signed = nonce, models = [] }: InjectedSlot): Promise<void> {
    const { deployer, contract } = this.scene;
    const base = await this.scene.minedNonce();
    const fees = { gasLimit: 21_000n, maxFeePerGas: 50_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
    const fields = { to: contract, nonce: base + signed, chainId: 31337, type: 2, ...fees };
    const raw = await new Wallet(deployer.privateKey).signTransaction(fields);
    const fee = Object.fromEntries(Object.entries(fees).map(([name, value]) => [name, value.toString()]));
    const attempt = { hash: keccak256(raw), raw, ...fee, signedAt: 1 };
    await this.slotText(nonce, `${JSON.stringify(models)}\n${JSON.stringify(attempt)}`);
    await this.nextNonce(next);
  }

  async slotText(nonce: number, text: string): Promise<void> {
    const lane = await this.scene.laneKey();
    await this.scene.redis.hset(lane.replace(':lane:', ':slots:'), (await this.scene.minedNonce()) + nonce, text);
  }

  async nextNonceText(text: string): Promise<void> {
    await this.scene.redis.hset(await this.scene.laneKey(), 'nextNonce', text);
  }

  async nextNonce(nonce: number): Promise<void> {
    await this.scene.redis.hset(await this.scene.laneKey(), 'nextNonce', (await this.scene.minedNonce()) + nonce);
  }

  async foreignTransaction(): Promise<void> {
    await this.scene.anvil.request('anvil_impersonateAccount', [this.scene.deployer.address]);
    const call = { from: this.scene.deployer.address, to: this.scene.admin.address };
    const hash = await this.scene.anvil.request('eth_sendTransaction', [call]);
    await until('the transaction', () => this.scene.anvil.request('eth_getTransactionReceipt', [hash]));
  }

  /** Another deployment of the first model: for a moment another contract stands in the place of the real one. */
  async secondToken(): Promise<void> {
    const { anvil, contract, admin } = this.scene;
    const { topics, data } = this.scene.secondTokenEvent();
    const code = await anvil.request('eth_getCode', [contract, 'latest']);
    await anvil.request('anvil_setCode', [contract, EMITTER]);
    const call = {
      from: admin.address,
      to: contract,
      data: `0x${[...topics, data].map((part) => part.slice(2)).join('')}`,
    };
    const hash = await anvil.request('eth_sendTransaction', [call]);
    await until('the transaction', () => anvil.request('eth_getTransactionReceipt', [hash]));
    await anvil.request('anvil_setCode', [contract, code]);
  }

  async event(change: (event: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
    const text = (await this.scene.redis.lindex(EVENTS, 0)) ?? '{}';
    await this.scene.redis.lpush(EVENTS, JSON.stringify(change(JSON.parse(text) as Record<string, unknown>)));
  }

  /** The event of a model without a deployment. */
  async eventOfNothing(): Promise<void> {
    const { ghost } = this.scene.models;
    await this.event((event) => ({ ...event, model_id: ghost, event_id: this.eventId(ghost) }));
  }

  async rubbishEvent(): Promise<void> {
    await this.scene.redis.lpush(EVENTS, '["rubbish"]');
  }

  async eventsLost(): Promise<void> {
    await this.scene.redis.del(EVENTS);
  }

  async lease({ bytes, timed }: { readonly bytes: string | null; readonly timed: boolean }): Promise<void> {
    if (bytes !== null) await this.scene.redis.hset(`${QUEUE}:inflight`, 'a-lease', bytes);
    if (timed) await this.scene.redis.zadd(`${QUEUE}:leases`, Date.now() + 60_000, 'a-lease');
  }

  async message(place: 'queue' | 'processing' | 'delayed' | 'dead-letters', bytes = 'a message'): Promise<void> {
    const { redis } = this.scene;
    if (place === 'delayed') await redis.zadd(`${QUEUE}:delayed`, 1, `a-lease\n${bytes}`);
    else if (place === 'dead-letters') await redis.lpush(`${QUEUE}:dlq`, JSON.stringify({ original_message: bytes }));
    else await redis.lpush(place === 'queue' ? QUEUE : `${QUEUE}:processing`, bytes);
  }

  private get first(): string {
    return this.scene.models.first;
  }

  private eventId(...modelAndType: ModelAndType): string {
    return eventIdOf({ chainId: 31337, contract: this.scene.contract }, ...modelAndType);
  }

  private async moved(state: string): Promise<void> {
    await this.jobField('state', state);
    await this.unindexed();
    await this.scene.redis.zadd(`${await this.index()}:${state}`, 1, this.first);
  }

  private async index(): Promise<string> {
    return (await this.scene.jobKey(this.first)).replace(/:job:[^:]*$/, ':jobs');
  }

  private async inService(work: (service: Awaited<ReturnType<ServiceFixture['startService']>>) => Promise<unknown>) {
    const service = await this.scene.startService();
    await until('the lane', () => service.get(LaneJournal).owner(this.scene.deployer.address));
    await work(service);
    await this.scene.stopServices();
  }
}

type ModelAndType = readonly [modelId: string, type?: Parameters<typeof eventIdOf>[2]];

interface InjectedSlot {
  readonly nonce: number;
  readonly next: number;
  readonly signed?: number;
  readonly models?: readonly string[];
}

import { beforeEach, describe, expect, it } from 'vitest';
import { SignerConfig } from '#config';
import { type Attempt, HoldError, HoldRegistry, type TransactionKind } from '#core';
import { UnusedBackend } from '../../../../../test/support/fakes/unused-backend.js';
import { aDeploymentJob } from '../../../../../test/support/fixtures/deployment-job.fixture.js';
import { LaneHolds } from '../status/lane-holds.service.js';
import { LaneSession } from '../lifecycle/lane-session.js';
import { LaneQuota } from './lane-quota.service.js';
import { signerCreator } from '../../../../../test/support/chain/test-signer.js';
import { LaneSigner } from '../transactions/lane-signer.js';
import { PendingJobs } from './pending-jobs.js';

const BLOCK_GAS = 60_000_000n;
const lead = new LaneSigner(signerCreator(`0x${'11'.repeat(32)}`)([]));
const other = new LaneSigner(signerCreator(`0x${'22'.repeat(32)}`)([]));

class LedBackend extends UnusedBackend {
  lead: string | null = lead.address;

  override get requiredSigner(): string | null {
    return this.lead;
  }
}

describe('LaneQuota', () => {
  let backend: LedBackend;
  let holds: LaneHolds;
  let pending: PendingJobs;
  let session: LaneSession;
  beforeEach(() => {
    backend = new LedBackend();
    holds = new LaneHolds(new HoldRegistry());
    pending = new PendingJobs();
    session = new LaneSession({ lane: lead.address, epoch: 1 }, lead, 0);
    holds.clear(lead.address);
  });

  const common = (maxInFlight: number, of = session): number =>
    new LaneQuota(backend, holds, pending, Object.assign(new SignerConfig(), { maxInFlight })).sharedJobLimit(
      of,
      BLOCK_GAS,
    );

  function send(kind: TransactionKind, count: number, gasLimit: bigint): void {
    const attempt: Attempt = { hash: '', raw: '', gasLimit, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n, signedAt: 0 };
    for (let index = 0; index < count; index += 1) {
      const nonce = session.slots.all.length;
      session.slots.add({ nonce, modelIds: [], attempts: [attempt] }, { kind, value: 0n, jobs: [] }, 0);
    }
  }

  it('gives other lanes nothing while the required signer has a backlog', () => {
    const others = new LaneSession({ lane: other.address, epoch: 1 }, other, 0);
    const jobs = Array.from({ length: 8 }, (_, index) => aDeploymentJob(String(index)));
    pending.reserveFor(jobs.slice(1).map((job) => ({ job, signer: lead.address })));
    expect(common(4, others)).toBe(Infinity);
    pending.reserveFor(jobs.slice(0, 1).map((job) => ({ job, signer: lead.address })));
    expect(common(4, others)).toBe(0);
    expect(common(4)).toBe(2);
    backend.lead = null;
    expect(common(4, others)).toBe(Infinity);
  });

  it('gives every job to other lanes without a backlog', () => {
    const session2 = new LaneSession({ lane: other.address, epoch: 1 }, other, 0);
    expect(common(16, session2)).toBe(Infinity);
    backend.lead = null;
    expect(common(16)).toBe(Infinity);
  });

  it('gives the lane of the required signer nothing while another lane is free', () => {
    holds.clear(other.address);
    expect(common(16)).toBe(0);
    holds.set(other.address, new HoldError('insufficient_funds', 'empty'));
    expect(common(16)).toBe(8);
    holds.clear(other.address);
    expect(common(16)).toBe(0);
    holds.remove(other.address);
    expect(common(16)).toBe(8);
  });

  it('gives the only lane half of its slots, but at least one', () => {
    expect([32, 5, 1].map((maxInFlight) => common(maxInFlight))).toEqual([16, 3, 1]);
    send('deploy', 3, BLOCK_GAS);
    expect([32, 5, 1].map((maxInFlight) => common(maxInFlight))).toEqual([13, 0, 0]);
  });

  it('gives the only lane more while the next block has gas', () => {
    send('deploy', 8, 4_100_000n);
    expect(common(16)).toBe(7);
    send('deploy', 7, 4_100_000n);
    expect(common(16)).toBe(0);
  });

  it('ignores registrations and mined slots', () => {
    send('register', 12, 170_000n);
    expect(common(16)).toBe(8);
    send('deploy', 8, 15_000_000n);
    expect(common(16)).toBe(0);
    for (const slot of session.slots.all) slot.minedBlockHash = '0xblock';
    expect(common(16)).toBe(8);
  });
});

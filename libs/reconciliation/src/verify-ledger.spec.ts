import { describe, expect, it } from 'vitest';
import { ChainStateReader, LedgerStateReader, type StoredLane } from '#core';
import { verifyLedger } from './verify-ledger.js';
import type { VerificationScope } from './verification-scope.js';

async function* nothing(): AsyncIterable<readonly never[]> {}

/** An empty chain that counts its reads. */
class EmptyChain extends ChainStateReader {
  looks = 0;

  override async head() {
    this.looks += 1;
    return { latest: 1, final: 1 };
  }

  override readonly keepsRecords = true;
  override readonly formerDeployers = [];
  override readonly deployments = nothing;
  override readonly registrations = nothing;
  override readonly toChainJobs = async () => [];
  override readonly adoptable = async () => [];
  override readonly deploymentsOf = async () => [];
  override readonly tokens = async () => [];
  override readonly nonces = async () => ({ final: 0, latest: 0, pending: 0 });
  override readonly readSigned = () => null;
}

/** An empty ledger whose only lane is unreadable in the passes listed in `broken`. */
class OneLane extends LedgerStateReader {
  constructor(
    private readonly chain: EmptyChain,
    private readonly broken: readonly number[],
  ) {
    super();
  }

  override async lanes(): Promise<readonly StoredLane[]> {
    const state = this.broken.includes(this.chain.looks) ? null : { nextNonce: 0, closedBlock: null, slots: [] };
    return [{ address: '0x1', state }];
  }

  override readonly jobs = nothing;
  override readonly find = async () => [];
  override readonly messages = nothing;
  override readonly count = async () => 0;
  override readonly leases = nothing;
  override readonly events = nothing;
}

describe('verifyLedger', () => {
  it.each([
    ['takes what passes for work in progress', { broken: [1], quiescent: false, codes: [], looks: 2 }],
    ['reports what stays', { broken: [1, 2], quiescent: false, codes: ['lane-unreadable'], looks: 2 }],
    ['leaves what begins later to the next audit', { broken: [2], quiescent: false, codes: [], looks: 1 }],
    [
      'believes its eyes where nothing is in flight',
      { broken: [1], quiescent: true, codes: ['lane-unreadable'], looks: 1 },
    ],
  ])('%s', async (_what, { broken, quiescent, codes, looks }) => {
    const chain = new EmptyChain();
    const scope: VerificationScope = {
      ledger: new OneLane(chain, broken),
      chain,
      chainId: 1,
      contract: '0x2',
      signers: [],
      quiescent,
      eventsKept: false,
      distinctMessages: false,
    };
    const { disagreements } = await verifyLedger(scope, 1);
    expect(disagreements.map(({ code }) => code)).toEqual(codes);
    expect(chain.looks).toBe(looks);
  });
});

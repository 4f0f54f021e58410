import type { AccountNonces, LaneState, Slot } from '#core';
import type { VerificationPass } from '../verification-scope.js';

/** Compares journal with chain, and slots with jobs in both directions. */
export async function checkLanes(look: VerificationPass): Promise<void> {
  // Reads the chain first: the journal is never behind the chain.
  const nonces = new Map<string, AccountNonces>();
  for (const { address } of await look.ledger.lanes()) {
    nonces.set(address, await look.chain.nonces(address, look.head.final));
  }
  for (const { address, state } of await look.ledger.lanes()) {
    look.findings.count('lanes');
    const chain = nonces.get(address);
    if (state === null) look.findings.add('lane-unreadable', `lane ${address}`, 'not what the service writes');
    else if (chain) await checkLane(look, address, state, chain);
  }
  await checkSubmitted(look);
}

async function checkLane(look: VerificationPass, lane: string, state: LaneState, chain: AccountNonces): Promise<void> {
  const { findings, quiescent } = look;
  const { nextNonce, slots, unreadableSlots = [] } = state;
  for (const nonce of unreadableSlots)
    findings.add('slot-unreadable', `lane ${lane} nonce ${nonce}`, 'not what the service writes');
  findings.count('slots', slots.length);
  if (nextNonce === null) return;
  if (chain.pending > nextNonce) {
    const detail = `journal: next nonce ${nextNonce}; chain: ${chain.latest} mined, ${chain.pending} with waiting ones`;
    findings.add('lane-behind-chain', `lane ${lane}`, detail);
  }
  const open = new Set([...slots.map(({ nonce }) => nonce), ...unreadableSlots.map(Number)]);
  for (let nonce = chain.latest; nonce < nextNonce; nonce += 1) {
    if (!open.has(nonce)) findings.add('slot-gap', `lane ${lane} nonce ${nonce}`, `next nonce ${nextNonce}`);
  }
  for (const slot of slots) {
    const subject = `lane ${lane} nonce ${slot.nonce}`;
    if (slot.nonce >= nextNonce) findings.add('slot-beyond-next', subject, `next nonce ${nextNonce}`);
    if (chain.final !== null && slot.nonce < chain.final) {
      findings.add('slot-final-unsettled', subject, `${chain.final} transactions are final`);
    }
    if (quiescent) findings.add('slot-open', subject, `${slot.modelIds.length} models`);
    checkAttempts(look, lane, slot);
    await checkSlotJobs(look, lane, slot);
  }
}

function checkAttempts({ findings, chain, chainId }: VerificationPass, lane: string, { nonce, attempts }: Slot): void {
  for (const { hash, raw } of attempts) {
    const signed = chain.readSigned(raw);
    const right =
      signed !== null &&
      signed.hash === hash &&
      signed.nonce === nonce &&
      signed.chainId === chainId &&
      signed.sender.toLowerCase() === lane.toLowerCase();
    if (!right) findings.add('attempt-differs', `lane ${lane} nonce ${nonce}`, `attempt ${hash}`);
  }
}

async function checkSlotJobs(
  { findings, ledger }: VerificationPass,
  lane: string,
  { nonce, modelIds }: Slot,
): Promise<void> {
  for (const { modelId, job } of await ledger.find(modelIds)) {
    if (job?.slot?.lane === lane && job.slot.nonce === nonce) continue;
    const found = job === null ? 'no job' : `job ${job.state}`;
    findings.add('slot-without-job', `lane ${lane} nonce ${nonce} model ${modelId}`, found);
  }
}

async function checkSubmitted({ findings, ledger }: VerificationPass): Promise<void> {
  const carried = new Set<string>();
  for (const { address, state } of await ledger.lanes()) {
    for (const { nonce, modelIds } of state?.slots ?? []) {
      for (const modelId of modelIds) carried.add(`${address} ${nonce} ${modelId}`);
    }
  }
  for await (const page of ledger.jobs()) {
    for (const { modelId, job } of page) {
      if (job?.state !== 'submitted') continue;
      const { lane, nonce } = job.slot ?? { lane: 'none', nonce: 'none' };
      if (!carried.has(`${lane} ${nonce} ${modelId}`)) {
        findings.add('job-without-slot', `model ${modelId}`, `lane ${lane} nonce ${nonce}`);
      }
    }
  }
}

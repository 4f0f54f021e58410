import type { DiscrepancyCode } from '#reconciliation';
import type { VerifyLedgerOptions } from '../../../apps/cli/src/verify-ledger/verify-ledger.runner.js';
import type { InjectedRegistryDiscrepancies } from './injected-registry-discrepancies.js';
import type { InjectedDiscrepancies } from './injected-discrepancies.js';

export const QUIESCENT = { quiescent: true };
const EVENTS_KEPT = { eventsKept: true };
export const DISTINCT = { distinctMessages: true };

type DiscrepancyCase<P> = readonly [
  code: DiscrepancyCode,
  plant: (planted: P) => Promise<void>,
  options?: VerifyLedgerOptions,
  others?: readonly DiscrepancyCode[],
];

/** Discrepancies to inject for every backend, and exactly the codes that must report them, consequences included. */
export const DISCREPANCY_CASES: readonly DiscrepancyCase<InjectedDiscrepancies>[] = [
  ['job-unreadable', (planted) => planted.jobField('request', '{'), {}, ['event-without-job', 'token-without-job']],
  ['job-misindexed', (planted) => planted.unindexed()],
  ['job-without-token', (planted) => planted.jobOfNothing()],
  ['record-differs', (planted) => planted.jobText('request', /MSG-AI/, 'MSG-BI')],
  ['token-differs', (planted) => planted.jobText('token', /"transactionHash":"0x../, '"transactionHash":"0xff')],
  ['token-without-job', (planted) => planted.jobLost(), {}, ['event-without-job']],
  ['token-not-settled', (planted) => planted.jobState('failed'), QUIESCENT, ['event-without-job']],
  ['two-tokens', (planted) => planted.secondToken()],
  ['event-missing', (planted) => planted.jobField('eventId', null)],
  ['event-id-differs', (planted) => planted.jobField('eventId', 'another')],
  ['event-not-queued', (planted) => planted.eventsLost(), EVENTS_KEPT],
  ['event-without-job', (planted) => planted.eventOfNothing()],
  ['event-differs', (planted) => planted.event((event) => ({ ...event, token_address: '0x00' }))],
  ['event-unreadable', (planted) => planted.rubbishEvent()],
  ['job-without-slot', (planted) => planted.jobState('submitted'), {}, ['event-without-job']],
  ['slot-without-job', (planted) => planted.slot({ nonce: 0, next: 1, models: ['ghost'] })],
  ['lane-unreadable', (planted) => planted.nextNonceText('rubbish')],
  ['slot-unreadable', (planted) => planted.slotText(-1, 'rubbish')],
  ['slot-gap', (planted) => planted.nextNonce(3)],
  ['slot-beyond-next', (planted) => planted.slot({ nonce: 0, next: 0 })],
  ['slot-final-unsettled', (planted) => planted.slot({ nonce: -2, next: 0 })],
  ['lane-behind-chain', (planted) => planted.foreignTransaction()],
  ['attempt-differs', (planted) => planted.slot({ nonce: 0, next: 1, signed: 5 })],
  ['lease-incomplete', (planted) => planted.lease({ bytes: null, timed: true })],
  ['lease-without-message', (planted) => planted.lease({ bytes: 'a message', timed: true })],
  ['message-without-lease', (planted) => planted.message('processing'), QUIESCENT, ['message-left']],
  ['message-left', (planted) => planted.message('queue'), QUIESCENT],
  ['job-without-message', (planted) => planted.jobAdmitted()],
  ['job-open', (planted) => planted.jobAdmitted(), QUIESCENT, ['job-without-message']],
  ['slot-open', (planted) => planted.slot({ nonce: 0, next: 1 }), QUIESCENT],
];

/** What is planted where a registry of its own lists the tokens. */
export const REGISTRY_DISCREPANCY_CASES: readonly DiscrepancyCase<InjectedRegistryDiscrepancies>[] = [
  ['token-foreign', (planted) => planted.foreignToken()],
  ['job-unregistered', (planted) => planted.unregistered()],
  ['registered-otherwise', (planted) => planted.registeredOtherwise()],
  [
    'registration-differs',
    (planted) => planted.jobText('token', /"registryTransactionHash":"0x../, '"registryTransactionHash":"0xff'),
    {},
    ['event-differs'],
  ],
  ['registration-not-settled', (planted) => planted.jobUnregistered(), QUIESCENT, ['event-without-job']],
];

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aMessageFor } from '../../../../test/support/fixtures/claimed-message.fixture.js';
import { aDeployedToken } from '../../../../test/support/fixtures/deployed-token.fixture.js';
import { aSignedAttempt } from '../../../../test/support/fixtures/deployment-job.fixture.js';
import { WorkerHarness } from '../../../../test/support/worker-harness.js';
import { type ClaimedMessage, HoldError, type JobResult, JobResultHandler } from '#core';
import { MESSAGE_OUTCOMES } from '#telemetry';
import { AdmissionService } from '../admission/admission.service.js';
import { InFlightMessages } from '../consumer/in-flight-messages.js';
import { JobResultService } from './job-result.service.js';

const SLOT = { lease: { lane: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266', epoch: 1 }, nonce: 7 };

function failed(modelId: string): JobResult {
  return { kind: 'failed', modelId, reason: 'deployment_reverted', error: 'ZeroAddress()' };
}

describe('JobResultService', () => {
  let useCase: WorkerHarness;
  let settlement: JobResultService;

  beforeEach(async () => {
    useCase = await WorkerHarness.create();
    settlement = useCase.get(JobResultService);
  });

  async function admit(...messages: readonly ClaimedMessage[]): Promise<void> {
    useCase.queue.push(...messages);
    useCase.get(InFlightMessages).add(await useCase.queue.claim(messages.length));
    await useCase.get(AdmissionService).admit(messages);
  }

  function deployed(modelId: string, kind: 'deployed' | 'adopted' = 'deployed'): JobResult {
    return { kind, job: useCase.jobs.jobOf(modelId), token: aDeployedToken() };
  }

  function unregistered(modelId: string): JobResult {
    const registration = { to: '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65', calldata: '0x0123' };
    const token = aDeployedToken({ registryTransactionHash: null, registration });
    return { kind: 'unregistered', job: useCase.jobs.jobOf(modelId), token };
  }

  async function outcomes(): Promise<Record<string, number>> {
    const counted: Record<string, number> = {};
    for (const outcome of MESSAGE_OUTCOMES) {
      const count = await useCase.metric('messages_processed_total', { outcome });
      if (count > 0) counted[outcome] = count;
    }
    return counted;
  }

  it('is provided as the JobResultHandler', () => {
    expect(useCase.get(JobResultHandler)).toBe(settlement);
  });

  it.each([
    { kind: 'deployed', said: 'token deployed' },
    { kind: 'adopted', said: 'token adopted' },
  ] as const)('publishes the event of a token that was $kind and acknowledges its message', async ({ kind, said }) => {
    const message = aMessageFor('a');
    await admit(message);
    expect(await settlement.complete(kind === 'deployed' ? SLOT : null, [deployed('a', kind)])).toBe(true);
    expect(useCase.queue.processing.size).toBe(0);
    expect(useCase.get(InFlightMessages).size).toBe(0);
    expect(useCase.jobs.events.map((event): unknown => JSON.parse(event))).toMatchObject([
      { event_type: 'token_deployed', model_id: 'a', network: 'anvil', chain_id: 31_337, block_number: 42 },
    ]);
    expect(await outcomes()).toEqual({ [kind]: 1 });
    expect(await useCase.metric('events_published_total')).toBe(1);
    expect(await useCase.metric('deployment_stage_duration_seconds_count', { stage: 'settlement' })).toBe(1);
    expect(useCase.logs.withMessage(said)).toMatchObject([
      {
        level: 'log',
        message_id: 'message-a',
        model_id: 'a',
        token_address: aDeployedToken().tokenAddress,
        transaction_hash: aDeployedToken().transactionHash,
        block_number: 42,
        gas_used: '74321',
      },
    ]);
  });

  it('publishes a token_unregistered event and acknowledges the message when the owner has to register the token', async () => {
    await admit(aMessageFor('a'), aMessageFor('a'));
    expect(await settlement.complete(null, [unregistered('a')])).toBe(true);
    expect(useCase.queue.processing.size).toBe(0);
    expect(useCase.jobs.jobOf('a').state).toBe('deployed_unregistered');
    expect(useCase.jobs.events.map((event): unknown => JSON.parse(event))).toMatchObject([
      { event_type: 'token_deployed_unregistered', model_id: 'a', registry_calldata: '0x0123' },
    ]);
    expect(await outcomes()).toEqual({ deployed_unregistered: 1, duplicate: 1 });
    expect(await settlement.complete(null, [deployed('a')])).toBe(true);
    expect(useCase.jobs.events.map((event): unknown => JSON.parse(event))).toMatchObject([
      { event_type: 'token_deployed_unregistered' },
      { event_type: 'token_deployed', registry_transaction_hash: aDeployedToken().transactionHash },
    ]);
    expect(await outcomes()).toEqual({ deployed_unregistered: 1, duplicate: 1 });
  });

  it('logs why a token is not registered when no message is attached', async () => {
    await admit(aMessageFor('a'));
    await settlement.complete(null, [unregistered('a')]);
    await settlement.complete(null, [failed('a')]);
    expect(useCase.logs.withMessage('job failed with no attached message')).toMatchObject([
      { level: 'error', model_id: 'a', reason: 'deployment_reverted', detail: 'ZeroAddress()' },
    ]);
    expect(await outcomes()).toEqual({ deployed_unregistered: 1 });
  });

  it('returns a job without a warning when it needs another transaction', async () => {
    await admit(aMessageFor('a'));
    useCase.jobs.change('a', { state: 'submitted' });
    expect(await settlement.complete(SLOT, [{ kind: 'advanced', modelId: 'a' }])).toBe(true);
    expect(useCase.jobs.jobOf('a').state).toBe('admitted');
    expect(useCase.queue.processing.size).toBe(1);
    expect(useCase.logs.withMessage('token awaits registration')).toMatchObject([{ level: 'log', model_id: 'a' }]);
    expect(await outcomes()).toEqual({});
  });

  it('counts one message of a job as deployed and the others as duplicates', async () => {
    await admit(aMessageFor('a'), aMessageFor('a'), aMessageFor('a'));
    await settlement.complete(SLOT, [deployed('a')]);
    expect(await outcomes()).toEqual({ deployed: 1, duplicate: 2 });
    expect(useCase.jobs.events).toHaveLength(1);
  });

  it('counts each message once when completion is repeated', async () => {
    await admit(aMessageFor('a'), aMessageFor('a'));
    await settlement.complete(SLOT, [deployed('a')]);
    expect(await settlement.complete(SLOT, [deployed('a')])).toBe(true);
    expect(await outcomes()).toEqual({ deployed: 1, duplicate: 1 });
    expect(await useCase.metric('events_published_total')).toBe(1);
    expect(useCase.logs.withMessage('token deployed')).toHaveLength(1);
  });

  it('settles nothing when the lane is lost', async () => {
    const messages = [aMessageFor('a'), aMessageFor('b')];
    await admit(...messages);
    useCase.jobs.laneLost = true;
    expect(await settlement.complete(SLOT, [deployed('a'), failed('b')])).toBe(false);
    expect(useCase.jobs.events).toEqual([]);
    expect(useCase.queue.settled).toEqual([]);
    expect(useCase.get(InFlightMessages).leases).toEqual(messages.map(({ lease }) => lease));
    expect(await outcomes()).toEqual({});
  });

  it('applies the retry budget of each message when its job failed', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const [patient, last] = [aMessageFor('a'), aMessageFor('a', {}, { max_retries: 0 })];
    const replayed = { ...aMessageFor('a', {}, { retry_count: 3 }), replays: 1 };
    await admit(patient, last, replayed);
    useCase.jobs.change('a', { attempts: [aSignedAttempt('0x01'), aSignedAttempt('0x02')] });
    await settlement.complete(SLOT, [failed('a')]);
    vi.restoreAllMocks();
    const retry = { kind: 'retry', delayMs: 1_000, reason: 'deployment_reverted' };
    expect(useCase.queue.settlementOf(patient.lease)).toEqual(retry);
    expect(useCase.queue.settlementOf(replayed.lease)).toEqual(retry);
    const deadLetter = useCase.queue.settlementOf(last.lease);
    expect(deadLetter?.kind === 'dead-letter' && JSON.parse(deadLetter.entry)).toMatchObject({
      reason: 'deployment_reverted',
      error: 'ZeroAddress()',
      model_id: 'a',
      tx_hashes: ['0x01', '0x02'],
    });
    expect(useCase.jobs.events).toEqual([]);
    expect(await outcomes()).toEqual({ retried: 2, dead_lettered: 1 });
  });

  it('keeps job and messages when the transaction did not execute the job', async () => {
    const message = aMessageFor('a');
    await admit(message);
    await settlement.complete(SLOT, [{ kind: 'returned', modelId: 'a' }]);
    expect(useCase.get(InFlightMessages).leases).toEqual([message.lease]);
    expect(await outcomes()).toEqual({});
    expect(useCase.logs.withMessage('transaction did not execute the job, requeued')).toMatchObject([
      { model_id: 'a' },
    ]);
  });

  it.each(['find', 'settle'] as const)(
    'lets go of all failed messages when "%s" fails after the jobs',
    async (stage) => {
      await admit(aMessageFor('a'), aMessageFor('b'), aMessageFor('c'));
      let outage = true;
      const fail = (call: string): void => {
        if (outage && call === stage && useCase.jobs.jobOf('a').state === 'failed') {
          throw new HoldError('redis_unavailable', 'no reply');
        }
      };
      useCase.queue.before = fail;
      useCase.jobs.before = fail;
      const findings = [failed('a'), deployed('b'), failed('c')];
      await expect(settlement.complete(SLOT, findings)).rejects.toBeInstanceOf(HoldError);
      expect(useCase.get(InFlightMessages).leases).toEqual([]);
      outage = false;
      expect(await settlement.complete(SLOT, findings)).toBe(true);
      expect(useCase.queue.processing.size).toBe(0);
      expect(await outcomes()).toEqual({ deployed: 1, retried: 2 });
      expect(await useCase.metric('events_published_total')).toBe(1);
    },
  );

  it('keeps messages in flight when the ledger is unavailable', async () => {
    const message = aMessageFor('a');
    await admit(message);
    useCase.jobs.before = () => {
      throw new HoldError('redis_unavailable', 'no reply');
    };
    await expect(settlement.complete(SLOT, [failed('a')])).rejects.toBeInstanceOf(HoldError);
    expect(useCase.get(InFlightMessages).leases).toEqual([message.lease]);
  });

  it('releases only the messages of the given jobs', async () => {
    const [first, second, other] = [aMessageFor('a'), aMessageFor('a'), aMessageFor('b')];
    await admit(first, second, other);
    await settlement.release(['a', 'unknown']);
    expect(useCase.queue.settled).toEqual(
      [first, second].map(({ lease }) => ({ lease, settlement: { kind: 'release' } })),
    );
    expect(useCase.get(InFlightMessages).leases).toEqual([other.lease]);
    expect(await outcomes()).toEqual({ released: 2 });
  });

  it('keeps messages in flight when their release fails', async () => {
    const message = aMessageFor('a');
    await admit(message);
    useCase.queue.before = () => {
      throw new HoldError('redis_unavailable', 'no reply');
    };
    await expect(settlement.release(['a'])).rejects.toBeInstanceOf(HoldError);
    expect(useCase.get(InFlightMessages).leases).toEqual([message.lease]);
  });
});

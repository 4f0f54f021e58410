import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aClaimedMessage, aMessageFor } from '../../../../test/support/fixtures/claimed-message.fixture.js';
import { aDeployedToken } from '../../../../test/support/fixtures/deployed-token.fixture.js';
import { platformMessage } from '../../../../test/support/fixtures/platform-message.fixture.js';
import {
  ED25519_KEY,
  HMAC_KEY,
  keyFile,
  signedByPlatform,
  signedText,
} from '../../../../test/support/fixtures/signed-message.fixture.js';
import { hurryTimers } from '../../../../test/support/hurry-timers.js';
import { until } from '../../../../test/support/until.js';
import { WorkerHarness } from '../../../../test/support/worker-harness.js';
import { type ClaimedMessage, HoldError } from '#core';
import { JobResultService } from '../results/job-result.service.js';
import { AdmissionService } from './admission.service.js';
import { MessageSignatures } from './message-signatures.worker.js';
import { InFlightMessages } from '../consumer/in-flight-messages.js';

const signed = (modelId: string) => aClaimedMessage(signedText(platformMessage({ model_id: modelId })));
const forged = (modelId: string) =>
  aClaimedMessage(signedText(platformMessage({ model_id: modelId }), { value: 'AAAA' }));

const NOT_UTF8 = Uint8Array.from([0xff, 0xfe, 0x7b]);

describe('AdmissionService', () => {
  let useCase: WorkerHarness;

  beforeEach(async () => {
    useCase = await WorkerHarness.create({ maxMessageBytes: 4_096, minImprovementPercentage: 1, maxStalls: 3 });
  });

  async function receive(...messages: readonly ClaimedMessage[]): Promise<void> {
    useCase.queue.push(...messages);
    useCase.get(InFlightMessages).add(await useCase.queue.claim(messages.length));
    await useCase.get(AdmissionService).admit(messages);
  }

  function reasonOf({ lease }: ClaimedMessage): unknown {
    const settlement = useCase.queue.settlementOf(lease);
    if (settlement?.kind !== 'dead-letter') return settlement?.kind;
    const entry: unknown = JSON.parse(settlement.entry);
    return typeof entry === 'object' && entry !== null && 'reason' in entry ? entry.reason : 'no reason';
  }

  it('submits the job of a valid message', async () => {
    const message = aMessageFor('a');
    await receive(message);
    expect(useCase.deployer.submissions).toEqual([[useCase.jobs.jobOf('a')]]);
    expect(useCase.jobs.jobOf('a').request).toMatchObject({ messageId: 'message-a', record: { modelId: 'a' } });
    expect(useCase.get(InFlightMessages).leasesOf(['a'])).toEqual([message.lease]);
    expect(useCase.queue.settled).toEqual([]);
  });

  it.each([
    { reason: 'too_large', content: platformMessage({ model_name: 'n'.repeat(4_096) }) },
    { reason: 'invalid_encoding', content: NOT_UTF8 },
    { reason: 'invalid_json', content: '{"message_id": ' },
    { reason: 'invalid_envelope', content: '[]' },
    { reason: 'unsupported_type', content: platformMessage({}, { message_type: 'model_retired' }) },
    { reason: 'unsupported_version', content: platformMessage({ message_version: '2.0' }) },
    { reason: 'invalid_field', content: platformMessage({ model_id: 7 }) },
    { reason: 'invalid_metric', content: platformMessage({ current_value: 'inf' }) },
    { reason: 'invalid_address', content: platformMessage({ contributor_address: '0x12' }) },
    {
      reason: 'below_improvement_floor',
      content: platformMessage({ current_value: 0.8505, improvement_percentage: 0.06 }),
    },
  ])('dead-letters $reason between two good messages, which go on', async ({ reason, content }) => {
    const [before, bad, after] = [aMessageFor('a'), aClaimedMessage(content), aMessageFor('b')];
    await receive(before, bad, after);
    expect(reasonOf(bad)).toBe(reason);
    expect(useCase.queue.settled).toHaveLength(1);
    expect(useCase.deployer.modelIds).toEqual(['a', 'b']);
    expect(await useCase.metric('messages_dead_lettered_total', { reason })).toBe(1);
  });

  describe('with producers', () => {
    let folder: string;
    let path: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'message-keys-'));
      path = join(folder, 'keys.json');
    });
    afterEach(async () => {
      await useCase.get(MessageSignatures).beforeApplicationShutdown();
      await rm(folder, { recursive: true });
    });

    async function open(messageSignatures: 'warn' | 'require', file = keyFile()): Promise<void> {
      await writeFile(path, file);
      useCase = await WorkerHarness.create({ messageSignatures, messageKeysFile: path });
      await useCase.get(MessageSignatures).onModuleInit();
    }

    it('dead-letters what no producer has signed, and names the producer of the others', async () => {
      await open('require');
      const [unsigned, bad] = [aMessageFor('a'), forged('b')];
      await receive(unsigned, bad, signed('c'));
      expect([unsigned, bad].map(reasonOf)).toEqual(['unsigned', 'bad_signature']);
      expect(useCase.deployer.modelIds).toEqual(['c']);
      expect(useCase.jobs.jobOf('c').request.producer).toBe('lab');
      for (const result of ['unsigned', 'bad_signature', 'verified'])
        expect(await useCase.metric('message_signatures_total', { result })).toBe(1);
    });

    it('admits and reports what no producer has signed when it only warns', async () => {
      await open('warn');
      await receive(aMessageFor('a'), forged('b'), signed('c'));
      expect(useCase.deployer.modelIds).toEqual(['a', 'b', 'c']);
      expect(['a', 'b', 'c'].map((id) => useCase.jobs.jobOf(id).request.producer)).toEqual([null, null, 'lab']);
      expect(useCase.logs.withMessage('signature of a message not verified')).toMatchObject([
        { reason: 'unsigned', model_id: 'a' },
        { reason: 'bad_signature', model_id: 'b' },
      ]);
      expect(await useCase.metric('message_signatures_total', { producer: 'unknown' })).toBe(2);
    });

    describe('a changed key file', () => {
      hurryTimers();

      it('takes effect, and keeps the keys when it is invalid', async () => {
        await open('require');
        await writeFile(path, '{');
        await until('the gauge', async () => (await useCase.metric('message_keys_valid')) === 0);
        await receive(signed('a'));
        await writeFile(path, JSON.stringify({ keys: [ED25519_KEY.entry] }));
        await until('the gauge', async () => (await useCase.metric('message_keys_valid')) === 1);
        const old = signed('b');
        await receive(old, aClaimedMessage(signedByPlatform(platformMessage({ model_id: 'c' }))));
        expect(reasonOf(old)).toBe('bad_signature');
        expect(useCase.deployer.modelIds).toEqual(['a', 'c']);
        expect(JSON.stringify(useCase.logs)).not.toContain(HMAC_KEY.entry.secret);
      });
    });

    it.each(['{', JSON.stringify({ keys: [] })])('refuses to start with the key file %s', async (content) => {
      await expect(open('require', content)).rejects.toThrow(/^MESSAGE_KEYS_FILE: /);
    });

    it('delays the messages of a producer over its budget, consumes no retry, and shows a hold until then', async () => {
      await open('require', keyFile({ lab: { tokens_per_hour: 1 } }));
      useCase.jobs.delayed.set('b', 40);
      const [first, second, third] = [signed('a'), signed('b'), signed('c')];
      await receive(first, second, third);
      expect(useCase.queue.settled).toEqual([{ lease: second.lease, settlement: { kind: 'delay', delayMs: 40 } }]);
      expect(useCase.jobs.budgets.get('a')).toEqual({ tokensPerHour: 1, tokensPerDay: null });
      expect(useCase.deployer.modelIds).toEqual(['a', 'c']);
      expect(await useCase.metric('messages_processed_total', { outcome: 'released' })).toBe(1);
    });

    it('shows a hold while a producer is over its budget', async () => {
      await open('require', keyFile({ lab: { tokens_per_hour: 1 } }));
      useCase.jobs.delayed.set('a', 60);
      await receive(signed('a'));
      expect(useCase.holds.own.holds).toMatchObject([{ reason: 'producer_over_budget', pauses: false, lane: null }]);
      expect(useCase.holds.own.holds[0]?.detail).toMatch(
        /^messages of the producer lab wait until .*: its budget is 1 tokens per hour$/,
      );
      await until('the end of the hold', () => useCase.holds.own.holds.length === 0);
    });
  });

  it('dead-letters a message as poison when it stalled too often', async () => {
    const [suspect, poison] = [
      { ...aMessageFor('a'), stalls: 2 },
      { ...aMessageFor('b'), stalls: 3 },
    ];
    await receive(suspect, poison);
    expect(reasonOf(poison)).toBe('poison');
    expect(useCase.deployer.modelIds).toEqual(['a']);
  });

  it('acknowledges a message when its model has a token', async () => {
    const [first, second] = [aMessageFor('a'), aMessageFor('a', {}, { message_id: 'sent again' })];
    await receive(first);
    useCase.jobs.change('a', { state: 'deployed', token: aDeployedToken() });
    await receive(second);
    expect(useCase.queue.settled).toEqual([{ lease: second.lease, settlement: { kind: 'ack' } }]);
    expect(useCase.deployer.submissions).toHaveLength(1);
    expect(useCase.logs.withMessage('duplicate message acknowledged')).toMatchObject([
      { message_id: 'sent again', model_id: 'a' },
    ]);
    expect(await useCase.metric('messages_processed_total', { outcome: 'duplicate' })).toBe(1);
  });

  it('logs nothing for a duplicate when its lease is fenced', async () => {
    const message = aMessageFor('a');
    await receive(message);
    useCase.jobs.change('a', { state: 'deployed', token: aDeployedToken() });
    useCase.queue.expire(message.lease);
    await useCase.get(AdmissionService).admit([message]);
    expect(useCase.logs.withMessage('duplicate message acknowledged')).toEqual([]);
    expect(await useCase.metric('messages_processed_total', { outcome: 'duplicate' })).toBe(0);
  });

  it('dead-letters a message and sends nothing when its model has another record', async () => {
    const [first, other] = [aMessageFor('a'), aMessageFor('a', { current_value: 0.99 })];
    await receive(first);
    useCase.jobs.change('a', { state: 'deployed', token: aDeployedToken() });
    await receive(other);
    expect(reasonOf(other)).toBe('conflict');
    expect(useCase.deployer.modelIds).toEqual(['a']);
  });

  it('keeps a message with another record until the open job of its model has an outcome', async () => {
    const [first, other] = [aMessageFor('a'), aMessageFor('a', { current_value: 0.99 })];
    await receive(first, other);
    expect(useCase.queue.settled).toEqual([]);
    expect(useCase.deployer.modelIds).toEqual(['a']);
    const inHand = useCase.get(InFlightMessages);
    expect(inHand.idleSince(-Infinity, 9)).toEqual([]);

    await useCase
      .get(JobResultService)
      .complete(null, [{ kind: 'deployed', job: useCase.jobs.jobOf('a'), token: aDeployedToken() }]);
    expect(inHand.idleSince(-Infinity, 9)).toMatchObject([{ lease: other.lease }]);
    await useCase.get(AdmissionService).admit([other]);
    expect(reasonOf(other)).toBe('conflict');
    expect(inHand.size).toBe(0);
  });

  it('attaches a message to the submitted job of its model', async () => {
    const [first, second] = [aMessageFor('a'), aMessageFor('a')];
    await receive(first);
    useCase.jobs.change('a', { state: 'submitted' });
    await receive(second);
    expect(useCase.deployer.submissions).toHaveLength(1);
    expect(useCase.queue.settled).toEqual([]);
    expect(useCase.get(InFlightMessages).leasesOf(['a'])).toEqual([first.lease, second.lease]);
  });

  it('does not call the ledger when every message is rejected', async () => {
    useCase.jobs.before = () => {
      throw new Error('asked');
    };
    await receive(aClaimedMessage('garbage'));
    expect(useCase.queue.settled).toHaveLength(1);
  });

  it.each(['admit', 'settle'] as const)('repeats admission after an outage of "%s"', async (stage) => {
    const [good, bad] = [aMessageFor('a'), aClaimedMessage('garbage')];
    let outage = true;
    const fail = (call: string): void => {
      if (outage && call === stage) throw new HoldError('redis_unavailable', 'no reply');
    };
    useCase.queue.before = fail;
    useCase.jobs.before = fail;
    await expect(receive(good, bad)).rejects.toBeInstanceOf(HoldError);
    expect(useCase.deployer.submissions).toEqual([]);
    outage = false;
    await useCase.get(AdmissionService).admit([good, bad]);
    await useCase.get(AdmissionService).admit([good, bad]);
    expect(useCase.jobs.modelIds).toEqual(['a']);
    expect(reasonOf(bad)).toBe('invalid_json');
    expect(await useCase.metric('messages_dead_lettered_total')).toBe(1);
    expect(await useCase.metric('message_age_seconds_count')).toBe(1);
  });

  it('throws errors that no message caused', async () => {
    useCase.jobs.before = () => {
      throw new TypeError('a bug');
    };
    await expect(receive(aMessageFor('a'))).rejects.toThrow('a bug');
    await expect(receive({ ...aMessageFor('b'), bytes: null as never })).rejects.toThrow(TypeError);
    expect(useCase.queue.settled).toEqual([]);
  });

  it('observes message age and admission time', async () => {
    await receive(aMessageFor('a', {}, { timestamp: new Date(Date.now() - 60_000).toISOString() }));
    const text = await useCase.metrics.registry.metrics();
    expect(text).toMatch(/message_age_seconds_sum 6\d(\.\d+)?$/m);
    expect(await useCase.metric('deployment_stage_duration_seconds_count', { stage: 'admission' })).toBe(1);
  });
});

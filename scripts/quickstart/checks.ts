import { isDeepStrictEqual } from 'node:util';
import { toFixedPoint } from '#core';
import type { TestStack } from '../../test/support/process/test-stack.js';
import type { SampleMessage } from './sample-messages.js';

interface Check {
  readonly what: string;
  readonly passed: boolean;
}

/** Looks at Redis and at the chain, past the service: is everything as the messages asked? */
export async function checkEverything(stack: TestStack, samples: readonly SampleMessage[]): Promise<Check[]> {
  return [...(await checkRedis(stack, samples)), ...(await checkTokens(stack, samples)), await checkHealth(stack)];
}

async function checkRedis({ queue }: TestStack, samples: readonly SampleMessage[]): Promise<Check[]> {
  const { waiting, processing, delayed, dead } = await queue.messageCounts();
  const reasons = (await queue.deadLetters()).map(({ reason, original_message: message }) => ({ reason, message }));
  const broken = samples.filter(({ expected }) => expected === 'dead letter');
  const events = new Set((await queue.events()).map((event) => event.event_id));
  return [
    { what: 'the queue is empty', passed: waiting === 0 },
    { what: 'nothing is left in processing', passed: processing === 0 },
    { what: 'nothing waits for a retry', passed: delayed === 0 },
    { what: `there is ${broken.length} dead letter`, passed: dead === broken.length },
    {
      what: 'it holds the exact bytes of the broken message, and its reason is invalid_address',
      passed: isDeepStrictEqual(
        reasons,
        broken.map(({ text }) => ({ reason: 'invalid_address', message: text })),
      ),
    },
    { what: 'there is one token_deployed event for each of 3 models', passed: events.size === 3 },
  ];
}

async function checkTokens(stack: TestStack, samples: readonly SampleMessage[]): Promise<Check[]> {
  const models = samples.filter(({ expected }) => expected === 'deployed');
  const tokens = await Promise.all(models.map((model) => checkToken(stack, model)));
  const total = await stack.tokens.deployments();
  return [...tokens.flat(), { what: 'no other token was ever created', passed: total === models.length }];
}

async function checkToken({ tokens, queue }: TestStack, { modelId, payload }: SampleMessage): Promise<Check[]> {
  const token = await tokens.find(modelId);
  if (token === null) return [{ what: `${modelId} has a token`, passed: false }];
  const event = (await queue.events()).find(({ model_id: id }) => id === modelId);
  return [
    { what: `${modelId} has a token with code`, passed: token.codeBytes > 0 },
    { what: `${modelId}: the factory knows the token`, passed: token.registered && token.modelId === modelId },
    { what: `${modelId}: it was deployed once`, passed: token.deployments === 1 },
    { what: `${modelId}: its event names its address`, passed: event?.token_address === token.address },
    { what: `${modelId}: its symbol is as sent`, passed: token.symbol === payload['token_symbol'] },
    { what: `${modelId}: its name is made of the symbol`, passed: token.name === `Hokusai ${token.symbol}` },
    { what: `${modelId}: its metric is as sent`, passed: hasMetricOf(token, payload) },
    { what: `${modelId}: its contributor is as sent`, passed: hasContributorOf(token, payload) },
  ];
}

type Token = NonNullable<Awaited<ReturnType<TestStack['tokens']['find']>>>;

function hasMetricOf(token: Token, payload: Readonly<Record<string, unknown>>): boolean {
  return (
    token.metricName === payload['metric_name'] &&
    token.baselineValue === toFixedPoint(String(payload['baseline_value'])) &&
    token.currentValue === toFixedPoint(String(payload['current_value']))
  );
}

function hasContributorOf(token: Token, payload: Readonly<Record<string, unknown>>): boolean {
  return token.contributor === (payload['contributor_address'] ?? `0x${'0'.repeat(40)}`);
}

async function checkHealth({ service }: TestStack): Promise<Check> {
  const { status } = await service.request('GET', '/health');
  return { what: 'the service says that it is healthy', passed: status === 200 };
}

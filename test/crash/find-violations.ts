import { runVerifyLedger } from '../../apps/cli/src/verify-ledger/verify-ledger.runner.js';
import type { ReplicaSet } from './replica-set.js';
import { type ExpectedOutcomes, requestOf } from './expected-outcomes.js';

const DEPLOYED = 'token_deployed';
const UNREGISTERED = 'token_deployed_unregistered';

/** Looks at chain and Redis by other ways than the service does. Returns what is wrong: nothing, one hopes. */
export async function findViolations(crew: ReplicaSet, orders: ExpectedOutcomes): Promise<readonly string[]> {
  const models = await Promise.all(orders.deployed.map((message) => modelViolations(crew, message)));
  return [
    ...crew.violations,
    ...models.flat(),
    ...(await eventViolations(crew, orders)),
    ...(await laneViolations(crew)),
    ...(await historyViolations(crew, orders)),
    ...(await unexpectedKeys(crew, orders)),
    ...(await reportedDiscrepancies(crew)),
  ];
}

async function modelViolations(crew: ReplicaSet, message: string): Promise<readonly string[]> {
  const request = requestOf(message);
  const { modelId } = request.record;
  const [state, token] = await crew.redis.hmget(crew.ledger.job(modelId), 'state', 'token');
  const address = tokenAddressOf(token);
  const wrong = [
    ...(await crew.contracts.tokenViolations(request, address)),
    ...(state === 'deployed' ? [] : [`has a job that is ${state}`]),
  ];
  const events = (await crew.platform.events()).filter((event) => event.model_id === modelId);
  const deployed = events.filter((event) => event.event_type === DEPLOYED);
  if (deployed.length !== 1) wrong.push(`has ${deployed.length} events`);
  if (events.some((event) => event.token_address !== address)) wrong.push('has an event with another token');
  return wrong.map((text) => `${modelId} ${text}`);
}

/** Of all models, those that were looked at before included. */
async function eventViolations(
  crew: ReplicaSet,
  { totalDeployed, unregistered }: ExpectedOutcomes,
): Promise<readonly string[]> {
  const events = await crew.platform.events();
  const wrong: string[] = [];
  if (new Set(events.map((event) => event.event_id)).size !== events.length) wrong.push('an event id came twice');
  for (const [type, expected] of [[DEPLOYED, totalDeployed] as const, [UNREGISTERED, unregistered] as const]) {
    const found = events.filter((event) => event.event_type === type).length;
    if (found !== expected) wrong.push(`${found} events "${type}", not ${expected}`);
  }
  return wrong;
}

/** No gap and no slot, and the journal's next nonce is the chain's. */
async function laneViolations(crew: ReplicaSet): Promise<readonly string[]> {
  const wrong = crew.wallets.map(async ({ address }) => {
    const journal = Number(await crew.redis.hget(crew.ledger.lane(address), 'nextNonce'));
    const [latest, pending] = [await crew.environment.nonce(address), await crew.environment.nonce(address, 'pending')];
    const right = journal === latest && latest === pending;
    return right ? [] : [`next nonce ${journal} in the journal, ${latest} on chain, ${pending} in the pool`];
  });
  return (await Promise.all(wrong)).flat();
}

async function historyViolations(
  crew: ReplicaSet,
  { foreignTransactions, revertedTransactions }: ExpectedOutcomes,
): Promise<readonly string[]> {
  const nonces = await Promise.all(crew.wallets.map(({ address }) => crew.environment.nonce(address)));
  const spent = nonces.reduce((sum, nonce) => sum + nonce, 0);
  return await crew.contracts.historyViolations(spent - foreignTransactions - revertedTransactions);
}

async function unexpectedKeys(
  crew: ReplicaSet,
  { totalDeployed, deadLetters }: ExpectedOutcomes,
): Promise<readonly string[]> {
  const { redis, queue, ledger } = crew;
  const expected = {
    [queue.main]: 0,
    [queue.processing]: 0,
    [queue.delayed]: 0,
    [queue.leases]: 0,
    [queue.inflight]: 0,
    [queue.meta]: 0,
    [queue.stalls]: 0,
    [queue.orphans]: 0,
    [queue.deadLetter]: deadLetters.length,
    ...Object.fromEntries(crew.wallets.map(({ address }) => [ledger.slots(address), 0])),
    [ledger.jobs('admitted')]: 0,
    [ledger.jobs('submitted')]: 0,
    [ledger.jobs('deployed_unregistered')]: 0,
    [ledger.jobs('deployed')]: totalDeployed,
  };
  const wrong: string[] = [];
  for (const [key, count] of Object.entries(expected)) {
    const found = await sizeOf(crew, key);
    if (found !== count) wrong.push(`${key} holds ${found}, not ${count}`);
  }
  const entries = await redis.lrange(queue.deadLetter, 0, -1);
  const texts = entries.map((entry) => (JSON.parse(entry) as { original_message?: string }).original_message ?? '');
  if (texts.toSorted().join('\n') !== deadLetters.toSorted().join('\n'))
    wrong.push('other messages are dead than should be');
  return wrong;
}

/** What the operator's own audit finds. */
async function reportedDiscrepancies({ serviceEnv }: ReplicaSet): Promise<readonly string[]> {
  const report = await runVerifyLedger(serviceEnv, { quiescent: true, eventsKept: true });
  return report.disagreements.map(({ code, subject, detail }) => `${code} ${subject}: ${detail}`);
}

/** The address in what a job says of its token. */
function tokenAddressOf(text: string | null | undefined): string {
  return text ? ((JSON.parse(text) as { readonly tokenAddress?: string }).tokenAddress ?? '') : '';
}

async function sizeOf({ redis }: ReplicaSet, key: string): Promise<number> {
  switch (await redis.type(key)) {
    case 'list':
      return await redis.llen(key);
    case 'zset':
      return await redis.zcard(key);
    case 'hash':
      return await redis.hlen(key);
    default:
      return 0;
  }
}

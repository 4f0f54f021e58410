import { runVerifyLedger } from '../../apps/cli/src/verify-ledger/verify-ledger.runner.js';
import type { ReplicaSet } from './replica-set.js';
import { type ExpectedOutcomes, requestOf } from './expected-outcomes.js';

const DEPLOYED = 'token_deployed';
const UNREGISTERED = 'token_deployed_unregistered';

/** Looks at chain and Redis by other ways than the service does. Returns what is wrong: nothing, one hopes. */
export async function findViolations(crew: ReplicaSet, orders: ExpectedOutcomes): Promise<readonly string[]> {
  const models = await Promise.all(orders.deployed.map((message) => wrongModel(crew, message)));
  return [
    ...crew.violations,
    ...models.flat(),
    ...(await wrongEvents(crew, orders)),
    ...(await wrongLanes(crew)),
    ...(await wrongHistory(crew, orders)),
    ...(await leftOver(crew, orders)),
    ...(await disagreements(crew)),
  ];
}

async function wrongModel(crew: ReplicaSet, message: string): Promise<readonly string[]> {
  const request = requestOf(message);
  const { modelId } = request.record;
  const [state, token] = await crew.redis.hmget(crew.ledger.job(modelId), 'state', 'token');
  const address = tokenIn(token);
  const wrong = [
    ...(await crew.contracts.wrongToken(request, address)),
    ...(state === 'deployed' ? [] : [`has a job that is ${state}`]),
  ];
  const events = (await crew.platform.events()).filter((event) => event.model_id === modelId);
  const deployed = events.filter((event) => event.event_type === DEPLOYED);
  if (deployed.length !== 1) wrong.push(`has ${deployed.length} events`);
  if (events.some((event) => event.token_address !== address)) wrong.push('has an event with another token');
  return wrong.map((text) => `${modelId} ${text}`);
}

/** Of all models, those that were looked at before included. */
async function wrongEvents(crew: ReplicaSet, { total, left }: ExpectedOutcomes): Promise<readonly string[]> {
  const events = await crew.platform.events();
  const wrong: string[] = [];
  if (new Set(events.map((event) => event.event_id)).size !== events.length) wrong.push('an event id came twice');
  for (const [type, expected] of [[DEPLOYED, total] as const, [UNREGISTERED, left] as const]) {
    const found = events.filter((event) => event.event_type === type).length;
    if (found !== expected) wrong.push(`${found} events "${type}", not ${expected}`);
  }
  return wrong;
}

/** No gap and no slot, and the journal's next nonce is the chain's. */
async function wrongLanes(crew: ReplicaSet): Promise<readonly string[]> {
  const wrong = crew.wallets.map(async ({ address }) => {
    const journal = Number(await crew.redis.hget(crew.ledger.lane(address), 'nextNonce'));
    const [latest, pending] = [await crew.site.nonce(address), await crew.site.nonce(address, 'pending')];
    const right = journal === latest && latest === pending;
    return right ? [] : [`next nonce ${journal} in the journal, ${latest} on chain, ${pending} in the pool`];
  });
  return (await Promise.all(wrong)).flat();
}

async function wrongHistory(
  crew: ReplicaSet,
  { foreign, revertedTransactions }: ExpectedOutcomes,
): Promise<readonly string[]> {
  const nonces = await Promise.all(crew.wallets.map(({ address }) => crew.site.nonce(address)));
  const spent = nonces.reduce((sum, nonce) => sum + nonce, 0);
  return await crew.contracts.wrongHistory(spent - foreign - revertedTransactions);
}

async function leftOver(crew: ReplicaSet, { total, dead }: ExpectedOutcomes): Promise<readonly string[]> {
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
    [queue.deadLetter]: dead.length,
    ...Object.fromEntries(crew.wallets.map(({ address }) => [ledger.slots(address), 0])),
    [ledger.jobs('admitted')]: 0,
    [ledger.jobs('submitted')]: 0,
    [ledger.jobs('deployed_unregistered')]: 0,
    [ledger.jobs('deployed')]: total,
  };
  const wrong: string[] = [];
  for (const [key, count] of Object.entries(expected)) {
    const found = await sizeOf(crew, key);
    if (found !== count) wrong.push(`${key} holds ${found}, not ${count}`);
  }
  const entries = await redis.lrange(queue.deadLetter, 0, -1);
  const texts = entries.map((entry) => (JSON.parse(entry) as { original_message?: string }).original_message ?? '');
  if (texts.toSorted().join('\n') !== dead.toSorted().join('\n')) wrong.push('other messages are dead than should be');
  return wrong;
}

/** What the operator's own audit finds. */
async function disagreements({ environment }: ReplicaSet): Promise<readonly string[]> {
  const report = await runVerifyLedger(environment, { quiescent: true, eventsKept: true });
  return report.disagreements.map(({ code, subject, detail }) => `${code} ${subject}: ${detail}`);
}

/** The address in what a job says of its token. */
function tokenIn(text: string | null | undefined): string {
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

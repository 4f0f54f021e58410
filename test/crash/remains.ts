import { parseMessage } from '#messages';
import { auditDeployment } from '../../apps/token-deployer/src/deployment-audit.js';
import type { Crew } from './crew.js';

const RULES = { maxMessageBytes: 1e6, minImprovementPercentage: 0 };

/** What a crew was told to do, and what has to become of it. */
export interface Assignment {
  /** One message for each model that has to get its token, and was not looked at before. */
  readonly deployed: readonly string[];
  /** Models that have to have a token by now, those that were looked at before included. */
  readonly total: number;
  /** All messages that have to be dead, in any order. */
  readonly dead: readonly string[];
}

/** Looks at chain and Redis by other ways than the service does. Returns what is wrong: nothing, one hopes. */
export async function wrongIn(crew: Crew, { deployed, total, dead }: Assignment): Promise<readonly string[]> {
  const models = deployed.map((message) => parseMessage(Buffer.from(message), RULES).request.record);
  const tokens = await Promise.all(models.map((record) => wrongToken(crew, record)));
  return [
    ...crew.offences,
    ...tokens.flat(),
    ...(await wrongEvents(crew, models, total)),
    ...(await wrongLane(crew)),
    ...(await leftOver(crew, total, dead)),
    ...(await disagreements(crew)),
  ];
}

type DeploymentRecord = ReturnType<typeof parseMessage>['request']['record'];

async function wrongToken(crew: Crew, record: DeploymentRecord): Promise<readonly string[]> {
  const token = await crew.site.tokens.find(record.modelId);
  if (token === null) return [`${record.modelId} has no token`];
  const { registered, deployments, symbol, metricName, baselineValue, currentValue, contributor } = token;
  const differences = {
    'one deployment': deployments === 1,
    registered,
    'its symbol': symbol === record.tokenSymbol,
    'its metric': metricName === record.metricName,
    'its baseline': baselineValue === record.baselineValue,
    'its value': currentValue === record.currentValue,
    'its contributor': contributor.toLowerCase() === record.contributor?.toLowerCase(),
  };
  const [state, address] = await Promise.all([
    crew.redis.hget(crew.ledger.job(record.modelId), 'state'),
    crew.redis.hget(crew.ledger.job(record.modelId), 'token'),
  ]);
  return [
    ...Object.entries(differences).flatMap(([what, right]) => (right ? [] : [`${record.modelId} lacks ${what}`])),
    ...(state === 'deployed' ? [] : [`the job of ${record.modelId} is ${state}`]),
    ...(address?.includes(token.address) === true ? [] : [`the job of ${record.modelId} names ${address}`]),
  ];
}

async function wrongEvents(crew: Crew, models: readonly DeploymentRecord[], total: number): Promise<readonly string[]> {
  const events = await crew.platform.events();
  const wrong: string[] = [];
  for (const { modelId } of models) {
    const found = events.filter((event) => event.model_id === modelId);
    if (found.length !== 1) wrong.push(`${modelId} has ${found.length} events`);
    const token = await crew.site.tokens.find(modelId);
    if (found.some((event) => event.token_address !== token?.address)) wrong.push(`the event of ${modelId} is wrong`);
  }
  if (new Set(events.map((event) => event.event_id)).size !== events.length) wrong.push('an event id came twice');
  if (events.length !== total) wrong.push(`${events.length} events for ${total} models`);
  return wrong;
}

/** No gap and no slot, and the journal's next nonce is the chain's. */
async function wrongLane(crew: Crew): Promise<readonly string[]> {
  const { address } = crew.wallet;
  const journal = Number(await crew.redis.hget(crew.ledger.lane(address), 'nextNonce'));
  const [latest, pending] = [await crew.site.nonce(address), await crew.site.nonce(address, 'pending')];
  const right = journal === latest && latest === pending;
  return right ? [] : [`next nonce ${journal} in the journal, ${latest} on chain, ${pending} in the pool`];
}

async function leftOver(crew: Crew, deployed: number, dead: readonly string[]): Promise<readonly string[]> {
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
    [ledger.slots(crew.wallet.address)]: 0,
    [ledger.jobs('admitted')]: 0,
    [ledger.jobs('submitted')]: 0,
    [ledger.jobs('deployed')]: deployed,
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
async function disagreements({ environment }: Crew): Promise<readonly string[]> {
  const report = await auditDeployment(environment, { quiescent: true, eventsKept: true });
  return report.disagreements.map(({ code, subject, detail }) => `${code} ${subject}: ${detail}`);
}

async function sizeOf({ redis }: Crew, key: string): Promise<number> {
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

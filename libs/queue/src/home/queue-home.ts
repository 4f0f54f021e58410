import { HoldError } from '#core';

/** Source of the functions of `home.lua`. */
export const HOME_LUA = new URL('../lua/home.lua', import.meta.url);

/**
 * What a queue is pinned to when it is first used, as the fields of a Redis hash. Two replicas that differ in one of them
 * would give models two tokens. A new field is pinned by the next claim.
 */
export interface QueueHome {
  readonly chain_id: string;
  /** Lower case. */
  readonly contract: string;
  /** Where messages have their model id: another field would name the same models otherwise. */
  readonly model_id_source?: string;
}

/** The home that a process works for, and the contracts of the queue's former homes that it asks. */
export interface HomeSettings {
  readonly home: QueueHome;
  readonly formerContracts: readonly string[];
}

export function queueHome(options: {
  readonly chainId: number;
  readonly contract: string;
  readonly modelIdSource?: string;
}): QueueHome {
  const { chainId, contract, modelIdSource } = options;
  const home = { chain_id: String(chainId), contract: contract.toLowerCase() };
  return modelIdSource === undefined ? home : { ...home, model_id_source: modelIdSource };
}

/** Field, value, field, value, …: what `home.lua` takes. */
export function homeArguments(home: QueueHome): readonly string[] {
  return Object.entries(home).flatMap(([field, value]) => [field, String(value)]);
}

/** Returns true when the queue is pinned to something else. A field that is not pinned differs from nothing. */
export function isOtherHome(pinned: Readonly<Record<string, string>>, own: QueueHome): boolean {
  return Object.entries(own).some(([field, value]) => (pinned[field] ?? value) !== value);
}

/** The queue is pinned to another home. Ends when the settings or the queue's home change. */
export class WrongHomeError extends HoldError {
  constructor(queueName: string, pinned: Readonly<Record<string, string>>, own: QueueHome) {
    super(
      'wrong_home',
      `the queue ${queueName} belongs to ${describeHome(pinned)}, and this service is configured for ` +
        `${describeHome({ ...own })}: correct the settings, or move the queue with ledger:move`,
    );
    this.name = 'WrongHomeError';
  }
}

function describeHome(home: Readonly<Record<string, string>>): string {
  return Object.entries(home)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, value]) => `${field.replaceAll('_', ' ')} ${value}`)
    .join(', ');
}

/** Returns the contracts of former homes on the chain of `home` that neither it nor `formerContracts` names. */
export function unnamedContracts(
  formerHomes: readonly string[],
  { home, formerContracts }: HomeSettings,
): readonly string[] {
  const named = new Set([home.contract, ...formerContracts.map((contract) => contract.toLowerCase())]);
  return formerHomes
    .map((former) => former.split(' '))
    .flatMap(([chainId, contract = '']) => (chainId === home.chain_id && !named.has(contract) ? [contract] : []));
}

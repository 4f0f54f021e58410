import { createHash } from 'node:crypto';
import { type DeployedToken, type DeploymentRecord, type DeploymentRequest, tokenName } from '#core';
import { type EventFields, hokusaiEvent } from './hokusai-event.js';
import type { FullEvent } from './token-deployed-event.dto.js';

type EventType = 'token_deployed' | 'token_deployed_unregistered';

/** Where a token was deployed. */
export interface EventContext {
  /** Such as `base-sepolia`. */
  readonly network: string;
  /** Network in events of Hokusai's form. Default: events have the full form. */
  readonly hokusaiNetwork?: string | null;
  /** Whether a second list gets every event in the full form. Default: false. */
  readonly hasFullEventList?: boolean;
  readonly chainId: bigint | number;
  /** Address of the contract that deploys tokens. */
  readonly contract: string;
  /** The token's ERC-20 name, where the contract does not give it core's `tokenName`. */
  readonly nameOf?: (record: DeploymentRecord) => string;
}

/** An event as flat JSON texts. Its id depends on kind, chain, contract and model alone: who sees it twice can tell. */
interface BuiltEvent {
  readonly eventId: string;
  /** For the list of events; null for what only the second list gets. */
  readonly event: string | null;
  /** For the second list; null without one. */
  readonly fullEvent: string | null;
}

/** `token_deployed`: the token exists and is registered. */
export function tokenDeployedEvent(request: DeploymentRequest, token: DeployedToken, site: EventContext): BuiltEvent {
  const { eventId, fields } = buildFields('token_deployed', request, token, site);
  const network = site.hokusaiNetwork ?? null;
  return toEvent(eventId, fields, site, network === null ? null : hokusaiEvent(request, fields, network));
}

/** `token_deployed_unregistered`: the token exists; the event holds the call that the registry owner must make. */
export function tokenUnregisteredEvent(
  request: DeploymentRequest,
  token: DeployedToken,
  site: EventContext,
): BuiltEvent {
  const { to = null, calldata = null } = token.registration ?? {};
  const { eventId, fields } = buildFields('token_deployed_unregistered', request, token, site);
  return toEvent(eventId, { ...fields, registry_address: to, registry_calldata: calldata }, site, null);
}

/** @param hokusai the event in Hokusai's form; null where events have the full form, or where theirs cannot carry it */
function toEvent(eventId: string, fields: EventFields, site: EventContext, hokusai: EventFields | null): BuiltEvent {
  const fullEvent = JSON.stringify(fields);
  const isFull = (site.hokusaiNetwork ?? null) === null;
  const hasFullList = site.hasFullEventList ?? false;
  if (hokusai !== null) return { eventId, event: JSON.stringify(hokusai), fullEvent: hasFullList ? fullEvent : null };
  // No event is lost: what their form cannot carry goes to the only list in the full form.
  return { eventId, event: isFull || !hasFullList ? fullEvent : null, fullEvent: hasFullList ? fullEvent : null };
}

/** The fields of the full form. */
function buildFields(
  type: EventType,
  request: DeploymentRequest,
  token: DeployedToken,
  site: EventContext,
): { readonly eventId: string; readonly fields: EventFields } {
  const { record } = request;
  const { nameOf = tokenName } = site;
  const eventId = eventIdOf(site, record.modelId, type);
  const fields = {
    event_type: type,
    event_id: eventId,
    model_id: record.modelId,
    token_address: token.tokenAddress,
    token_symbol: record.tokenSymbol,
    token_name: nameOf(record),
    transaction_hash: token.transactionHash,
    registry_transaction_hash: token.registryTransactionHash,
    mlflow_run_id: request.mlflowRunId ?? undefined,
    model_name: request.modelName ?? undefined,
    model_version: request.modelVersion ?? undefined,
    deployment_timestamp: new Date(token.blockTimestamp * 1_000).toISOString(),
    deployer_address: token.deployerAddress,
    network: site.network,
    chain_id: Number(site.chainId),
    block_number: token.blockNumber,
    gas_used: token.gasUsed.toString(),
    gas_price: token.gasPrice.toString(),
    l1_data_fee: token.layerOneFee?.toString(),
    contributor_address: record.contributor ?? undefined,
    performance_metric: record.metricName,
    performance_improvement: request.improvementPercentage ?? undefined,
    message_version: '1.0',
  } satisfies FullEvent & { readonly event_type: EventType };
  return { eventId, fields };
}

/** Id of a model's event: a UUID made of the SHA-1 of a name (RFC 9562, section 5.5). */
export function eventIdOf(
  { chainId, contract }: Pick<EventContext, 'chainId' | 'contract'>,
  modelId: string,
  type: EventType = 'token_deployed',
): string {
  const name = `${type}:${chainId}:${contract.toLowerCase()}:${modelId}`;
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** This project's own namespace for event ids. Changing it changes every id. */
const NAMESPACE = Buffer.from('6f1d3c2e8a5b4d0f9e7c2b1a4d6e8f03', 'hex');

/** How a message left the service. */
export const MESSAGE_OUTCOMES = [
  'deployed',
  'adopted',
  'deployed_unregistered',
  'duplicate',
  'retried',
  'dead_lettered',
  'released',
] as const;
export type MessageOutcome = (typeof MESSAGE_OUTCOMES)[number];

/** Where a recovered message was found: under a lease that ran out, or in processing under none. */
export const RECOVERY_SOURCES = ['expired', 'orphaned'] as const;

/** `verified`: signed by a key of the producer. */
export const SIGNATURE_RESULTS = ['verified', 'unsigned', 'bad_signature'] as const;

export const QUEUES = ['main_queue', 'processing', 'delayed', 'dead_letter'] as const;
export type QueueLabel = (typeof QUEUES)[number];

/** Loops that keep gauges true in the background: of the queues, and of our accounts on the chain. */
export const COLLECTORS = ['queues', 'accounts'] as const;

/** Phases of the process. */
export const CONSUMER_STATES = ['starting', 'ready', 'draining'] as const;

/** Stages of a deployment, in order; each lasts from the end of the one before. */
export const DEPLOYMENT_STAGES = [
  'admission',
  'simulation',
  'signing',
  'journal',
  'broadcast',
  'inclusion',
  'finality',
  'settlement',
] as const;
export type DeploymentStage = (typeof DEPLOYMENT_STAGES)[number];

/** Creates tokens, or has one listed where that takes a transaction of its own. */
const TRANSACTION_KINDS = ['deploy', 'register', 'noop'] as const;
/** A histogram is many series: those of what most services never do appear with the first time. */
export const KINDS_FROM_BOOT = TRANSACTION_KINDS.filter((kind) => kind === 'deploy');

/** `foreign`: a transaction that another program sent with a key of the service; its kind is unknown. */
export const ENDED_KINDS = [...TRANSACTION_KINDS, 'foreign'] as const;

/** How a nonce ended; `foreign`: a transaction that the journal does not know took it. */
export const TRANSACTION_OUTCOMES = ['succeeded', 'reverted', 'foreign'] as const;

/** `too_cheap`: the nodes refused the attempt before it for its price; `refused`: for something else. */
export const REPLACEMENT_REASONS = ['not_mined', 'too_cheap', 'refused'] as const;

export const NONCE_KINDS = ['latest', 'pending', 'journal'] as const;

/**
 * How it stands with a token that the registry does not list: `awaited` is left to the registry's owner, `refused` is one
 * whose registration by us reverted, and `conflict` means that the registry lists another token for its model.
 */
export const REGISTRATIONS = ['awaited', 'refused', 'conflict'] as const;
export type OpenRegistration = (typeof REGISTRATIONS)[number];

export const SLOT_STATES = ['unmined', 'mined'] as const;

/** `ok`: a result; `rpc_error`: a JSON-RPC error; `unreadable`: a result of the wrong shape; the others never got that far. */
export const RPC_OUTCOMES = [
  'ok',
  'rpc_error',
  'rate_limited',
  'http_error',
  'unreadable',
  'timeout',
  'network_error',
] as const;
export type RpcOutcome = (typeof RPC_OUTCOMES)[number];

/** Connections of one process to Redis. */
export const REDIS_CONNECTIONS = ['blocking', 'commands', 'http'] as const;

export const DLQ_OPERATIONS = ['replay', 'discard', 'restore'] as const;
export type DlqOperation = (typeof DLQ_OPERATIONS)[number];

export const DLQ_OUTCOMES = [
  'replayed',
  'gone',
  'unreplayable',
  'already_deployed',
  'repeated',
  'discarded',
  'restored',
  'already_restored',
  'unknown',
  'failed',
] as const;
export type DlqOutcome = (typeof DLQ_OUTCOMES)[number];

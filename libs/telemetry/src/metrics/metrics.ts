import { Registry } from 'prom-client';
import * as labels from './metric-labels.js';
import { MetricFactory } from './metric-factory.js';

/** Label values that are decided elsewhere. */
export interface MetricLabels {
  readonly deadLetterReasons: readonly string[];
  readonly holdReasons: readonly string[];
  /** Of the running build. */
  readonly version: string;
}

export const METRICS_PREFIX = 'token_deployer_';

// Few buckets where labels multiply them: a replica shows less than 1,000 series.
const FAST = [0.001, 0.02, 0.5];
const HTTP = [0.05, 0.5, 5];
const NETWORK = [0.05, 0.25, 1, 10];
const CHAIN = [0.1, 1, 5, 15, 60, 180, 600, 1800];
const AGE = [0.1, 1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400, 604_800];
const TOKEN_GAS = [40_000, 60_000, 75_000, 85_000, 95_000, 120_000, 200_000, 500_000, 1_000_000, 5_000_000];
const TRANSACTION_GAS = [50_000, 100_000, 250_000, 500_000, 1_000_000, 2_000_000, 4_000_000, 8_000_000, 16_777_216];
const ETHER = [0.000001, 0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1];
const BATCH = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/**
 * Every metric of the service, side by side, on a registry of its own. No label holds a model id, a hash, a URL or free
 * text; `endpoint` is a configured name and `account` an address of ours. Gauges are set in the background: nothing is
 * asked for during a scrape.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly declare = new MetricFactory(this.registry, METRICS_PREFIX);

  // Messages
  readonly messagesReceivedTotal = this.declare.counter('messages_received_total', 'Messages claimed from the queue.');
  readonly messagesProcessedTotal = this.declare.counter(
    'messages_processed_total',
    'Messages that left the service, by the way they left.',
    { outcome: labels.MESSAGE_OUTCOMES },
  );
  readonly messagesRetriedTotal = this.declare.counter(
    'messages_retried_total',
    'Messages scheduled for a retry after a failure of their own.',
    { reason: [] },
  );
  readonly messagesDeadLetteredTotal = this.declare.counter(
    'messages_dead_lettered_total',
    'Messages moved to the dead letters.',
    { reason: [] },
  );
  readonly messagesRecoveredTotal = this.declare.counter(
    'messages_recovered_total',
    'Messages returned to the queue that a crashed or foreign consumer had left in processing.',
    { source: labels.RECOVERY_SOURCES },
  );
  readonly messageSignaturesTotal = this.declare.counter(
    'message_signatures_total',
    'Messages by their producer in the key file, and by their signature; producer is unknown unless it was verified.',
    { producer: [], result: labels.SIGNATURE_RESULTS },
  );
  readonly messageKeysValid = this.declare.gauge(
    'message_keys_valid',
    '0 while the key file is invalid and the previous keys apply; 1 without a key file.',
  );
  readonly messageProcessingDurationSeconds = this.declare.histogram(
    'message_processing_duration_seconds',
    'Time from the claim of a message to its settlement.',
    CHAIN,
    { outcome: labels.MESSAGE_OUTCOMES },
  );
  readonly messageAgeSeconds = this.declare.histogram(
    'message_age_seconds',
    "Age of a message when it is claimed, by its producer's clock.",
    AGE,
  );
  readonly messagesInFlight = this.declare.gauge('messages_in_flight', 'Messages that this replica holds.');

  // Worker loop
  readonly consumerState = this.declare.gauge('consumer_state', '1 for the phase that the process is in.', {
    state: labels.CONSUMER_STATES,
  });
  readonly consumerHeld = this.declare.gauge(
    'consumer_held',
    '1 while the condition blocks processing: every replica (service), some (replica), or a lane or loop (part). The same on every replica.',
    {
      reason: [],
      scope: [],
    },
  );

  // Queues, the same on every replica
  readonly queueMessages = this.declare.gauge('queue_messages', 'Messages in a queue; the same on every replica.', {
    queue: labels.QUEUES,
  });
  readonly queueOldestMessageAgeSeconds = this.declare.gauge(
    'queue_oldest_message_age_seconds',
    'Age of the oldest message in a queue; the same on every replica.',
    { queue: labels.QUEUES },
  );

  // Deployments
  readonly deploymentStageDurationSeconds = this.declare.histogram(
    'deployment_stage_duration_seconds',
    'Time that a deployment spends in a stage.',
    CHAIN,
    { stage: labels.DEPLOYMENT_STAGES },
  );
  readonly deploymentBatchSize = this.declare.histogram(
    'deployment_batch_size',
    'Deployments in one transaction.',
    BATCH,
  );
  readonly tokenGasUsed = this.declare.histogram(
    'token_gas_used',
    'Gas of one token: its share of the transaction that made it. A registration by itself is a transaction of its own.',
    TOKEN_GAS,
  );
  readonly tokenGas = this.declare.gauge(
    'token_gas',
    'Gas of one token with all of its transactions: of the last one, or of the backend before the first.',
  );
  readonly tokensUnregistered = this.declare.gauge(
    'tokens_unregistered',
    'Tokens that the registry does not list; the same on every replica.',
    { registration: labels.REGISTRATIONS },
  );
  readonly eventsPublishedTotal = this.declare.counter('events_published_total', 'token_deployed events published.');

  // Transactions
  readonly transactionsTotal = this.declare.counter('transactions_total', 'Nonces that are final, by their end.', {
    kind: labels.ENDED_KINDS,
    outcome: labels.TRANSACTION_OUTCOMES,
  });
  readonly transactionReplacementsTotal = this.declare.counter(
    'transaction_replacements_total',
    'Transactions signed again at a higher fee.',
    { reason: labels.REPLACEMENT_REASONS },
  );
  readonly transactionGasUsed = this.declare.histogram(
    'transaction_gas_used',
    'Gas of one final transaction.',
    TRANSACTION_GAS,
    { kind: labels.KINDS_FROM_BOOT },
  );
  readonly transactionFeeEther = this.declare.histogram(
    'transaction_fee_ether',
    'Fee of one final transaction, the L1 fee included where there is one.',
    ETHER,
    { kind: labels.KINDS_FROM_BOOT },
  );
  readonly reorgsTotal = this.declare.counter('reorgs_total', 'Times that a mined transaction left the chain again.');

  // Accounts and lanes
  readonly accountBalanceEther = this.declare.gauge('account_balance_ether', 'Balance of a deploying account.', {
    account: [],
  });
  readonly accountRunwayTokens = this.declare.gauge(
    'account_runway_tokens',
    'Tokens that the balance of a deploying account pays for: at twice the base fee, or at what the last one cost.',
    { account: [] },
  );
  readonly accountNonce = this.declare.gauge('account_nonce', 'Next nonce, as the chain and the journal see it.', {
    account: [],
    kind: labels.NONCE_KINDS,
  });
  readonly laneSlots = this.declare.gauge('lane_slots', 'Unfinished transactions of a lane.', {
    account: [],
    state: labels.SLOT_STATES,
  });
  readonly laneOldestSlotAgeSeconds = this.declare.gauge(
    'lane_oldest_slot_age_seconds',
    'Age of the oldest unfinished transaction of a lane; 0 without one.',
    { account: [] },
  );

  readonly spendSpent = this.declare.gauge(
    'spend_spent',
    'What the window of a budget has counted, in ether or tokens: final transactions, and open ones at worst. The same on every replica.',
    { budget: [] },
  );
  readonly spendBudget = this.declare.gauge('spend_budget', 'A budget, in ether or tokens; absent without one.', {
    budget: [],
  });
  readonly spendTokensLeft = this.declare.gauge(
    'spend_tokens_left',
    'Tokens that the budgets have left; -1 without a budget.',
  );
  readonly circuitOpen = this.declare.gauge(
    'circuit_open',
    '1 while the circuit breaker is open. The same on every replica.',
  );

  // Chain and RPC
  readonly chainHeadBlockNumber = this.declare.gauge('chain_head_block_number', 'Number of the newest block seen.');
  readonly chainHeadTimestampSeconds = this.declare.gauge(
    'chain_head_timestamp_seconds',
    'Unix time of the newest block seen.',
  );
  readonly chainBaseFeeGwei = this.declare.gauge(
    'chain_base_fee_gwei',
    'Base fee per gas of the newest block seen; 0 on a chain without one.',
  );
  readonly rpcRequestsTotal = this.declare.counter('rpc_requests_total', 'RPC requests, by how they ended.', {
    endpoint: [],
    method: [],
    outcome: labels.RPC_OUTCOMES,
  });
  readonly rpcRequestDurationSeconds = this.declare.histogram(
    'rpc_request_duration_seconds',
    'Time that an RPC request takes.',
    NETWORK,
    { endpoint: [], method: [] },
  );
  readonly rpcEndpointUp = this.declare.gauge('rpc_endpoint_up', '1 while the endpoint is used.', { endpoint: [] });

  // Redis
  readonly redisUp = this.declare.gauge('redis_up', '1 while Redis answers and takes writes.');
  readonly redisReconnectsTotal = this.declare.counter('redis_reconnects_total', 'Times that a connection was lost.', {
    connection: labels.REDIS_CONNECTIONS,
  });
  readonly redisCommandDurationSeconds = this.declare.histogram(
    'redis_command_duration_seconds',
    'Time that a command, or a script by its name, takes.',
    FAST,
    { command: [] },
  );

  // Gauges that are collected in the background
  readonly collectorLastSuccessTimestampSeconds = this.declare.gauge(
    'collector_last_success_timestamp_seconds',
    'Unix time of the last round in which a collector set all of its gauges; 0 before the first.',
    { collector: labels.COLLECTORS },
  );

  // Operator API
  readonly dlqOperationsTotal = this.declare.counter('dlq_operations_total', 'Dead letters that operators worked on.', {
    operation: labels.DLQ_OPERATIONS,
    outcome: labels.DLQ_OUTCOMES,
  });
  readonly httpRequestDurationSeconds = this.declare.histogram(
    'http_request_duration_seconds',
    'Time that an HTTP request takes, by route template.',
    HTTP,
    { method: [], route: [], status_code: [] },
  );
  readonly httpAuthFailuresTotal = this.declare.counter(
    'http_auth_failures_total',
    'Requests refused for a missing, wrong or insufficient bearer token.',
  );
  readonly opsTokenListValid = this.declare.gauge(
    'ops_token_list_valid',
    '0 while the list of operator tokens is invalid and the previous one applies; 1 without a list.',
  );
  readonly buildInfo = this.declare.gauge('build_info', 'Always 1; the labels name the build.', {
    version: [],
    node_version: [],
  });

  constructor(known: MetricLabels = { deadLetterReasons: [], holdReasons: [], version: 'unknown' }) {
    for (const reason of known.deadLetterReasons) {
      this.messagesRetriedTotal.inc({ reason }, 0);
      this.messagesDeadLetteredTotal.inc({ reason }, 0);
    }
    for (const reason of known.holdReasons) this.consumerHeld.set({ reason, scope: 'service' }, 0);
    this.buildInfo.set({ version: known.version, node_version: process.version }, 1);
  }
}

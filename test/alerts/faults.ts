/** The real faults of the alert tests, and the alerts that each of them fires. */
export const FAULTS = {
  'an empty wallet': ['Stopped', 'ConsumerHeld', 'BalanceRunway', 'QueueStalled', 'QueueLag'],
  'a chain that stops': ['TransactionStuck', 'OldestSlotAge', 'ProcessingStuck', 'ChainHeadStale'],
  'an endpoint that fails': ['RpcDown', 'RpcErrorRatio'],
  'a Redis that refuses writes': ['RedisDown', 'CollectorFailing'],
  'messages that cannot be read': ['DeadLetters', 'FailureRatio'],
  'a dead letter of last week': ['DeadLettersNotDrained'],
  'a node that refuses transactions': ['NodesRefuse', 'NonceGap'],
  'an invalid token list': ['OperatorTokensInvalid'],
  'a throttled process': ['EventLoopLag'],
  'a killed process': ['Down'],
  'a shared key': ['ForeignNonce'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Alerts that no fault of these tests fires, and why. */
export const NOT_PROVOKED: Readonly<Record<string, string>> = {
  CircuitOpen:
    'needs transactions that fail on chain; test/integration/chain/holds shows the hold, promtool shows the alert',
  BudgetRunway: 'needs a policy of its own; test/integration/chain/holds shows the hold, promtool shows the alert',
  MessageKeysInvalid:
    'needs signed messages; libs/worker/src/admission shows the gauge with an invalid file, promtool shows the alert',
  RegistrationFailed:
    'needs the contracts of token-manager; test/integration/token-manager shows the gauge, promtool shows the alert',
};

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
  'an invalid file of message keys': ['MessageKeysInvalid'],
  'a spent budget': ['BudgetRunway'],
  'a throttled process': ['EventLoopLag'],
  'a killed process': ['Down'],
  'a shared key': ['ForeignNonce'],
  'transactions that fail on chain': ['CircuitOpen'],
  'a registry that refuses a token': ['RegistrationFailed'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

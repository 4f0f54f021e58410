import { queueHome, type QueueSettings } from '#queue';

export const WORKERS = 4;

/** Short times, so that a minute of chaos sees what takes production days. Each fault lasts longer than one of them. */
export const QUEUE_SETTINGS: QueueSettings = {
  queueName: 'hokusai:model_ready_queue',
  processingTimeoutMs: 1_500,
  leaseDurationMs: 1_200,
  home: queueHome({ chainId: 31337, contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3' }),
};

export const COMMAND_TIMEOUT_MS = 400;

/** SET of `<lease> <ack or dead-letter> <digest>`: what a worker is about to do with a message, written before it does it. */
export const INTENTS = 'chaos:intents';

/** Stalls after which a message is given up as poison, as the service does it. */
export const MAX_STALLS = 6;

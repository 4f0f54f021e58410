import { Env } from '../env/env.decorator.js';
import type { ConfigProblem } from '../env/environment.js';
import { identifier, metricDirections, optional } from '../env/env-parser.js';
import { decimal, integer, seconds } from '../env/number-parsers.js';
import { ConfigBase } from '../env/config-base.js';

/** The queue of messages: names, leases and limits. */
export class QueueConfig extends ConfigBase {
  @Env('QUEUE_NAME', {
    format: identifier(200),
    default: 'hokusai:model_ready_queue',
    description: 'Redis list that the messages come from.',
  })
  readonly queueName!: string;

  @Env('DEPLOYED_QUEUE_NAME', {
    format: identifier(200),
    default: 'hokusai:token_deployed_queue',
    description: 'Redis list that the `token_deployed` events go to.',
  })
  readonly deployedQueueName!: string;

  @Env('PROCESSING_TIMEOUT', {
    format: seconds({ min: 0.1, max: 86_400 }),
    default: '300',
    description: 'Seconds after which a message that another consumer left in processing returns to the queue.',
  })
  readonly processingTimeoutMs!: number;

  @Env('POLL_INTERVAL', {
    format: seconds({ min: 0.05, max: 60 }),
    default: '5',
    description: 'Longest wait for a message, in seconds, before the worker loop turns.',
  })
  readonly pollIntervalMs!: number;

  @Env('LEASE_DURATION', {
    format: seconds({ min: 0.1, max: 3600 }),
    default: '30',
    description: 'Seconds that a claimed message stays with a replica that shows no sign of life.',
  })
  readonly leaseDurationMs!: number;

  @Env('CLAIM_BATCH', {
    format: integer({ min: 1, max: 1000 }),
    default: '100',
    description: 'Most messages claimed at once.',
  })
  readonly claimBatch!: number;

  @Env('MAX_MESSAGES_IN_FLIGHT', {
    format: integer({ min: 1, max: 100_000 }),
    default: '5000',
    description: 'Most messages that one replica holds at a time.',
  })
  readonly maxMessagesInFlight!: number;

  @Env('MAX_MESSAGE_BYTES', {
    format: integer({ min: 1024, max: 16_777_216 }),
    default: '262144',
    description: 'Largest message, in bytes; a larger one goes to the dead letters.',
  })
  readonly maxMessageBytes!: number;

  @Env('MAX_RETRIES_CAP', {
    format: integer({ min: 0, max: 100 }),
    default: '10',
    description: "Upper bound on a message's own `max_retries`.",
  })
  readonly maxRetriesCap!: number;

  @Env('MAX_STALLS', {
    format: integer({ min: 3, max: 100 }),
    default: '5',
    description: 'Leases in a row that may run out on a message before it goes to the dead letters as `poison`.',
  })
  readonly maxStalls!: number;

  @Env('MIN_IMPROVEMENT_PERCENTAGE', {
    format: decimal({ min: 0, max: 1_000_000 }),
    default: '0',
    description: 'Minimum improvement of `current_value` over `baseline_value`, in percent.',
  })
  readonly minImprovementPercentage!: number;

  @Env('METRIC_DIRECTIONS', {
    format: optional(metricDirections()),
    default: null,
    description:
      'Whether a lower or a higher value of a metric is better: `<metric>=lower` or `<metric>=higher`, comma-separated. Overrides the default, which is by the words of the name (docs/messages.md).',
  })
  readonly metricDirections!: ReadonlyMap<string, 'higher' | 'lower'> | null;

  /** The events would be taken for messages. The queue's other keys are no lists, which the start finds out. */
  override crossFieldIssues(): readonly ConfigProblem[] {
    const { queueName, deployedQueueName } = this;
    const lists = [queueName, `{${queueName}}`].flatMap((name) => [name, `${name}:processing`, `${name}:dlq`]);
    const expectation = 'must name another list than QUEUE_NAME and those that belong to it';
    return lists.includes(deployedQueueName) ? [{ variable: 'DEPLOYED_QUEUE_NAME', expected: expectation }] : [];
  }
}

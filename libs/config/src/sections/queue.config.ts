import { Env } from '../env/env.decorator.js';
import { type ConfigProblem, configProblems } from '../env/environment.js';
import { identifier, metricDirections, modelIdSource, optional } from '../env/env-parser.js';
import { decimal, integer, seconds } from '../env/number-parsers.js';
import { ConfigBase } from '../env/config-base.js';

/** The queue of messages: names, leases and limits. */
export class QueueConfig extends ConfigBase {
  @Env('QUEUE_NAME', {
    format: identifier(200),
    default: 'hokusai:model_ready_queue',
    description: 'Redis list of incoming messages.',
  })
  readonly queueName!: string;

  @Env('DEPLOYED_QUEUE_NAME', {
    format: identifier(200),
    default: 'hokusai:token_deployed_queue',
    description: 'Redis list of `token_deployed` events.',
  })
  readonly deployedQueueName!: string;

  @Env('DEPLOYED_FULL_QUEUE_NAME', {
    format: optional(identifier(200)),
    default: null,
    description:
      'Second Redis list that gets every event in the full form, for `DEPLOYED_EVENT_FORMAT=hokusai`. Default: none.',
  })
  readonly deployedFullQueueName!: string | null;

  @Env('PROCESSING_TIMEOUT', {
    format: seconds({ min: 0.1, max: 86_400 }),
    default: '300',
    description: 'Seconds until a message that another consumer left in processing returns to the queue.',
  })
  readonly processingTimeoutMs!: number;

  @Env('POLL_INTERVAL', {
    format: seconds({ min: 0.05, max: 60 }),
    default: '5',
    description: 'Maximum wait for a message in seconds per iteration of the consumer.',
  })
  readonly pollIntervalMs!: number;

  @Env('LEASE_DURATION', {
    format: seconds({ min: 0.1, max: 3600 }),
    default: '30',
    description:
      'Lease duration of a claimed message in seconds. A replica that stops renewing loses the message after this time.',
  })
  readonly leaseDurationMs!: number;

  @Env('CLAIM_BATCH', {
    format: integer({ min: 1, max: 1000 }),
    default: '100',
    description: 'Maximum messages per claim.',
  })
  readonly claimBatch!: number;

  @Env('MAX_MESSAGES_IN_FLIGHT', {
    format: integer({ min: 1, max: 100_000 }),
    default: '5000',
    description: 'Maximum messages in flight per replica.',
  })
  readonly maxMessagesInFlight!: number;

  @Env('MAX_MESSAGE_BYTES', {
    format: integer({ min: 1024, max: 16_777_216 }),
    default: '262144',
    description: 'Maximum message size in bytes; larger messages are dead-lettered.',
  })
  readonly maxMessageBytes!: number;

  @Env('MAX_RETRIES_CAP', {
    format: integer({ min: 0, max: 100 }),
    default: '10',
    description: 'Upper bound for the `max_retries` of a message.',
  })
  readonly maxRetriesCap!: number;

  @Env('MAX_STALLS', {
    format: integer({ min: 3, max: 100 }),
    default: '5',
    description: 'Consecutive expired leases after which a message is dead-lettered as `poison`.',
  })
  readonly maxStalls!: number;

  @Env('MODEL_ID_SOURCE', {
    format: modelIdSource(),
    default: 'model_id',
    description:
      'Where a message has its model id: `model_id`, `payload.<field>` or `tags.<key>`, such as `tags.hokusai.model_id_uint`. A queue keeps the one that it was first used with (docs/messages.md).',
  })
  readonly modelIdSource!: string;

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
      'Whether a lower or a higher value of a metric is better: `<metric>=lower` or `<metric>=higher`, comma-separated. Default: derived from the words of the name (docs/messages.md).',
  })
  readonly metricDirections!: ReadonlyMap<string, 'higher' | 'lower'> | null;

  /** The events would be taken for messages. The queue's other keys are no lists, which the start finds out. */
  override crossFieldIssues(): readonly ConfigProblem[] {
    const { queueName, deployedQueueName, deployedFullQueueName } = this;
    const lists = new Set([queueName, `{${queueName}}`].flatMap((name) => [name, `${name}:processing`, `${name}:dlq`]));
    const expectation = 'must name another list than QUEUE_NAME and those that belong to it';
    return configProblems(
      [lists.has(deployedQueueName), 'DEPLOYED_QUEUE_NAME', expectation],
      [deployedFullQueueName && lists.has(deployedFullQueueName), 'DEPLOYED_FULL_QUEUE_NAME', expectation],
      [
        deployedFullQueueName === deployedQueueName,
        'DEPLOYED_FULL_QUEUE_NAME',
        'must name another list than DEPLOYED_QUEUE_NAME',
      ],
    );
  }
}

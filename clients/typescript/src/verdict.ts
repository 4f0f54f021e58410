import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { ImprovementRule, MetricDirection } from './improvement.js';
import { KEYWORDS } from './keywords.js';
import { MESSAGE_SCHEMA } from './message.js';

/** Settings of the service. Default: those of a service without them. */
export interface ServiceSettings {
  /** MAX_MESSAGE_BYTES */
  readonly maxMessageBytes?: number;
  /** MIN_IMPROVEMENT_PERCENTAGE */
  readonly minImprovementPercentage?: number;
  /** METRIC_DIRECTIONS, by metric name in lower case */
  readonly metricDirections?: Readonly<Record<string, MetricDirection>>;
}

/** What the service does with a message, or why it refuses it. */
export type Verdict = { readonly accepted: true } | { readonly accepted: false; readonly problem: string };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Tells of a message what the service will do with it. */
export class MessageChecker {
  private readonly maxBytes: number;
  private readonly validate;

  constructor(settings: ServiceSettings = {}) {
    const { payload } = MESSAGE_SCHEMA.$defs;
    const { 'x-improvement': byDefault } = payload;
    const improvement: ImprovementRule = {
      ...byDefault,
      minPercent: settings.minImprovementPercentage ?? byDefault.minPercent,
      directions: settings.metricDirections ?? {},
    };
    this.maxBytes = settings.maxMessageBytes ?? MESSAGE_SCHEMA['x-maxMessageBytes'];
    const ajv = new Ajv2020({ strict: false, verbose: true, keywords: [...KEYWORDS], ownProperties: true });
    this.validate = ajv.compile({
      ...MESSAGE_SCHEMA,
      $defs: { ...MESSAGE_SCHEMA.$defs, payload: { ...payload, 'x-improvement': improvement } },
    });
  }

  /**
   * @param bytes the message, exactly as it is going to be pushed or signed
   * @param pushedBytes size of what is going to be pushed. Default: that of the message
   */
  check(bytes: Uint8Array, pushedBytes = bytes.byteLength): Verdict {
    if (pushedBytes > this.maxBytes) return refused(`The message must be at most ${this.maxBytes} bytes long.`);
    let message: unknown;
    try {
      message = JSON.parse(utf8.decode(bytes));
    } catch {
      return refused('The message must be JSON in UTF-8.');
    }
    if (this.validate(message)) return { accepted: true };
    return refused(describe(this.validate.errors ?? []));
  }
}

function refused(problem: string): Verdict {
  return { accepted: false, problem };
}

/** The error of the innermost field, in the words of the schema. */
function describe(errors: readonly ErrorObject[]): string {
  const [first, ...others] = errors.filter(({ keyword }) => keyword !== 'if');
  if (first === undefined) return 'The message breaks the schema.';
  const error = others.reduce((inner, it) => (depth(it) > depth(inner) ? it : inner), first);
  const field = error.instancePath.slice(1).replaceAll('/', '.');
  if (error.keyword === 'x-improvement') {
    return `${field === '' ? 'The message' : field}: current_value must improve on baseline_value, and improvement_percentage agree with both.`;
  }
  const named = errors.find((it) => it.instancePath === error.instancePath && 'description' in (it.parentSchema ?? {}));
  const description: unknown = named?.parentSchema?.['description'];
  const rule = typeof description === 'string' ? description : `It ${error.message ?? 'breaks the schema'}.`;
  return `${field === '' ? 'The message' : field}: ${rule}`;
}

function depth({ instancePath }: ErrorObject): number {
  return instancePath.split('/').length;
}

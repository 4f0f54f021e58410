/** How the text of a variable becomes a value. */
export interface EnvParser<T> {
  /** A noun phrase for error messages, such as `an integer from 1 to 100`. */
  readonly expected: string;

  /** Undefined when the text does not fit. */
  parse(text: string): T | undefined;

  /** What a log line must not show of a secret value. */
  secretsIn?(value: T): readonly string[];
}

/** The same format, for a variable that may be left out. */
export function optional<T>(format: EnvParser<T>): EnvParser<T | null> {
  return {
    expected: format.expected,
    parse: (text) => format.parse(text),
    secretsIn: (value) => (value === null ? [] : (format.secretsIn?.(value) ?? [])),
  };
}

/** One of a few words, in any case; the value is what the word stands for. */
export function oneOf<T>(words: Readonly<Record<string, T>>): EnvParser<T> {
  return {
    expected: `one of ${Object.keys(words).join(', ')}`,
    parse: (text) => Object.entries(words).find(([name]) => name.toLowerCase() === text.toLowerCase())?.[1],
  };
}

/** What fits either format; the first that fits counts. */
export function firstOf<A, B>(first: EnvParser<A>, second: EnvParser<B>): EnvParser<A | B> {
  return {
    expected: `${first.expected}, or ${second.expected}`,
    parse: (text) => first.parse(text) ?? second.parse(text),
  };
}

/** Text without blanks and control characters, such as the name of a Redis key. */
export function identifier(maxLength: number): EnvParser<string> {
  return {
    expected: `a text of 1 to ${maxLength} characters without blanks`,
    parse: (text) => (text.length <= maxLength && /^[\x21-\x7e]+$/.test(text) ? text : undefined),
  };
}

/** Values of a metric's label with commas between them, each different, at least one. */
export function nameList(): EnvParser<readonly string[]> {
  return {
    expected: 'comma-separated names, each different, of up to 32 letters, digits or ._-',
    parse: (text) => {
      const names = text.split(',').map((name) => name.trim());
      const fit = names.every((name) => /^[\w.-]{1,32}$/.test(name)) && new Set(names).size === names.length;
      return fit ? Object.freeze(names) : undefined;
    },
  };
}

/** The place of a model id in a message; `payload.model_id` is `model_id`. */
export function modelIdSource(): EnvParser<string> {
  return {
    expected: '`model_id`, `payload.<field>` or `tags.<key>`',
    parse: (text) => {
      if (!/^(?:model_id|(?:payload|tags)\.[\x21-\x7e]{1,128})$/.test(text)) return undefined;
      return text === 'payload.model_id' ? 'model_id' : text;
    },
  };
}

const DIRECTIONS = oneOf({ higher: 'higher', lower: 'lower' } as const);

/** Directions by metric name in lower case. */
export function metricDirections(): EnvParser<ReadonlyMap<string, 'higher' | 'lower'>> {
  return {
    expected: 'comma-separated `<metric>=lower` or `<metric>=higher`, each metric once',
    parse: (text) => {
      const directions = new Map<string, 'higher' | 'lower'>();
      for (const entry of text.split(',')) {
        const end = entry.lastIndexOf('=');
        const metric = entry.slice(0, Math.max(0, end)).trim().toLowerCase();
        const direction = DIRECTIONS.parse(entry.slice(end + 1).trim());
        if (metric === '' || direction === undefined || directions.has(metric)) return undefined;
        directions.set(metric, direction);
      }
      return directions;
    },
  };
}

/** Patterns of model ids with commas between them. */
export function modelIdPatterns(): EnvParser<readonly string[]> {
  return {
    expected: 'comma-separated model ids, in which * stands for any text',
    parse: (text) => {
      const patterns = text.split(',').map((pattern) => pattern.trim());
      return patterns.every((pattern) => pattern !== '') ? Object.freeze(patterns) : undefined;
    },
  };
}

/** Addresses in lower case. */
export function addressSet(): EnvParser<ReadonlySet<string>> {
  return {
    expected: 'comma-separated addresses: 0x and 40 hexadecimal digits, not all zero',
    parse: (text) => {
      const addresses = text.split(',').map((part) => address().parse(part.trim())?.toLowerCase());
      const known = addresses.filter((each) => each !== undefined);
      return known.length === addresses.length ? new Set(known) : undefined;
    },
  };
}

/** An Ethereum address other than zero. Its checksum is for those to verify who know how (EIP-55). */
export function address(): EnvParser<string> {
  return {
    expected: 'an address: 0x and 40 hexadecimal digits, not all zero',
    parse: (text) => (/^0x(?!0{40}$)[0-9a-fA-F]{40}$/.test(text) ? text : undefined),
  };
}

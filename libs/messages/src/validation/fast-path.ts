/** What a rule of a field accepts. */
type Accepts = (value: unknown) => boolean;

interface FieldRules {
  readonly accepts: Accepts[];
  /** Values for which the rules do not count. */
  readonly exempt: Accepts[];
}

const rulesOf = new WeakMap<object, Map<string, FieldRules>>();

/**
 * Registers a rule with class-validator and for `isAccepted`. Nearly every message is good, and class-validator's
 * executor costs more than all the rest of reading one; it is left to say what is wrong with the others.
 */
export function registerRule(prototype: object, key: string | symbol, kind: keyof FieldRules, accepts: Accepts): void {
  const fields = rulesOf.get(prototype) ?? new Map<string, FieldRules>();
  rulesOf.set(prototype, fields);
  const rules = fields.get(String(key)) ?? { accepts: [], exempt: [] };
  fields.set(String(key), rules);
  rules[kind].push(accepts);
}

/** Whether class-validator has nothing against the instance. */
export function passes(instance: object): boolean {
  const fields = rulesOf.get(Reflect.getPrototypeOf(instance) ?? instance) ?? new Map<string, FieldRules>();
  for (const [field, { accepts, exempt }] of fields) {
    const value: unknown = Reflect.get(instance, field);
    if (exempt.some((isExempt) => isExempt(value))) continue;
    if (!accepts.every((accept) => accept(value))) return false;
  }
  return true;
}

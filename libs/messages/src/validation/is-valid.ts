import { getMetadataStorage, type ValidationArguments, ValidationTypes } from 'class-validator';

type Condition = (instance: object, value: unknown) => boolean;

interface Rule {
  readonly constraints: readonly unknown[];
  readonly appliesTo: Condition;
  readonly accepts: (value: unknown, found: ValidationArguments) => boolean | Promise<boolean>;
}

interface PropertyRules {
  readonly property: string;
  readonly conditions: readonly Condition[];
  readonly rules: readonly Rule[];
}

const rulesOf = new Map<object, readonly PropertyRules[]>();

/**
 * Whether `validateSync` finds no error, for classes with rules of single values only.
 *
 * Runs the rules that class-validator's decorators have registered. Nearly every message is valid, and `validateSync` costs more
 * than all the rest of reading one, so it is left to describe the errors of the others.
 */
export function isValid(type: new () => object, instance: object): boolean {
  const known = rulesOf.get(type) ?? registeredRules(type);
  rulesOf.set(type, known);
  return known.every(({ property, conditions, rules }) => {
    const value: unknown = Reflect.get(instance, property);
    if (!conditions.every((applies) => applies(instance, value))) return true;
    return rules.every(({ constraints, appliesTo, accepts }) => {
      const found = { value, constraints: [...constraints], targetName: type.name, object: instance, property };
      return !appliesTo(instance, value) || accepts(value, found) === true;
    });
  });
}

function registeredRules(type: new () => object): readonly PropertyRules[] {
  const storage = getMetadataStorage();
  const metadata = storage.groupByPropertyName(storage.getTargetValidationMetadatas(type, '', false, false));
  return Object.entries(metadata).map(([property, rules]) => ({
    property,
    conditions: rules
      .filter((rule) => rule.type === ValidationTypes.CONDITIONAL_VALIDATION)
      .map(({ constraints }: { readonly constraints: readonly Condition[] }) => constraints[0] ?? (() => true)),
    rules: rules.flatMap((rule) =>
      storage.getTargetValidatorConstraints(rule.constraintCls).map(({ instance }) => ({
        constraints: rule.constraints ?? [],
        appliesTo: rule.validateIf ?? (() => true),
        accepts: (value: unknown, found: ValidationArguments) => instance.validate(value, found),
      })),
    ),
  }));
}

import { applyDecorators } from '@nestjs/common';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsNumber, IsString, Length, Max, Min, ValidateIf } from 'class-validator';
import { DescribedField } from '../openapi/described.decorator.js';

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** May be left out, which null is not: what a client writes counts, or is refused. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** Text of so many characters. */
export function Text({ min, max }: Bounds, description: string): PropertyDecorator {
  return applyDecorators(
    IsString(),
    Length(min, max),
    DescribedField({ type: 'string', minLength: min, maxLength: max, description }),
  );
}

export function OptionalText(max: number, description: string): PropertyDecorator {
  return applyDecorators(
    Optional(),
    IsString(),
    Length(0, max),
    DescribedField({ type: 'string', maxLength: max, description, required: false }),
  );
}

export function OptionalInstant(description: string): PropertyDecorator {
  const described = `${description}; ISO 8601, UTC unless it says otherwise`;
  return applyDecorators(
    Optional(),
    IsISO8601({ strict: true }),
    DescribedField({ type: 'string', description: described, example: '2026-03-01T12:00:00Z', required: false }),
  );
}

export function OptionalChoice(choices: readonly string[], description: string): PropertyDecorator {
  return applyDecorators(
    Optional(),
    IsIn(choices),
    DescribedField({ type: 'string', enum: [...choices], description, required: false }),
  );
}

/** A whole number that is `byDefault` when it is left out; null: that there is none. */
export function Whole({ min, max }: Bounds, byDefault: number | null, description: string): PropertyDecorator {
  return applyDecorators(
    ...(byDefault === null ? [Optional()] : []),
    IsInt(),
    Min(min),
    Max(max),
    DescribedField({
      type: 'integer',
      minimum: min,
      maximum: max,
      description,
      required: false,
      ...(byDefault === null ? {} : { default: byDefault }),
    }),
  );
}

export function OptionalNumber({ min, max }: Bounds, description: string): PropertyDecorator {
  return applyDecorators(
    Optional(),
    IsNumber(),
    Min(min),
    Max(max),
    DescribedField({ type: 'number', minimum: min, maximum: max, description, required: false }),
  );
}

/** True or false; false when it is left out. */
export function Flag(description: string): PropertyDecorator {
  return applyDecorators(
    IsBoolean(),
    DescribedField({ type: 'boolean', default: false, description, required: false }),
  );
}

import { ValidateIf } from 'class-validator';

/** Accepts an omitted field. Unlike `IsOptional`, refuses null. */
export const IsOmittable = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

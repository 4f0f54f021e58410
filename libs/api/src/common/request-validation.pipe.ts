import { Injectable, type ValidationError, ValidationPipe } from '@nestjs/common';
import { Problem } from './problem.js';

/** Maximum field errors per response: a body may hold thousands of unknown fields. */
const MAX_ERRORS = 20;

/** Turns query and body into validated DTOs; what a DTO does not know is refused, not ignored. */
@Injectable()
export class RequestValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) =>
        new Problem('invalid-request', { members: { errors: fieldErrors(errors).slice(0, MAX_ERRORS) } }),
    });
  }
}

interface FieldError {
  readonly field: string;
  readonly expectations: readonly string[];
}

function fieldErrors(errors: readonly ValidationError[], prefix = ''): FieldError[] {
  return errors.flatMap((error) => {
    const field = `${prefix}${error.property}`.slice(0, 100);
    const own = Object.values(error.constraints ?? {}).map((expectation) => expectation.slice(0, 200));
    const nested = fieldErrors(error.children ?? [], `${field}.`);
    return own.length > 0 ? [{ field, expectations: own }, ...nested] : nested;
  });
}

import { HttpException } from '@nestjs/common';
import { HoldError } from '#core';
import { Problem, type ProblemCode } from './problem.js';

const CODES: Readonly<Record<number, ProblemCode>> = {
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
};

/** Nothing of the error's own text reaches the client: it may be a driver's, or echo what the client sent. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HoldError) return new Problem('dependency-unavailable', { detail: error.reason });
  const status = statusOf(error);
  if (status >= 400 && status < 500) return new Problem(CODES[status] ?? 'malformed-request');
  return new Problem('internal-error');
}

/** The status that Nest's exceptions and those of Express' body parser carry. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') return error.status;
  return 500;
}

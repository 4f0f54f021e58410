import { SetMetadata } from '@nestjs/common';
import type { ProblemCode } from '../common/problem.js';

export const PROBLEM_CODES = 'token-deployer:problem-codes';

/** Problems of every route that needs Redis. */
export const OUTAGES = ['dependency-unavailable', 'internal-error'] as const satisfies readonly ProblemCode[];

/** Problems of a route, besides those that follow from its access and its method. */
export const ApiProblems = (...codes: readonly ProblemCode[]) => SetMetadata(PROBLEM_CODES, codes);

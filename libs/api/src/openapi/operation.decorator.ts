import { applyDecorators, SetMetadata } from '@nestjs/common';
import type { ProblemCode } from '../common/problem.js';
import { described, schemaOf } from './described.decorator.js';

export const REFUSALS = 'token-deployer:refusals';

/** What any answer that needs Redis may be instead. */
export const OUTAGES = ['dependency-unavailable', 'internal-error'] as const satisfies readonly ProblemCode[];

/**
 * Says in the API's description what a route does.
 *
 * @param refuses the problems it answers with, but for those that its access and its method bring along
 */
export function Operation(operationId: string, summary: string, refuses: readonly ProblemCode[]): MethodDecorator {
  return applyDecorators(
    described(({ ApiOperation }) => ApiOperation({ operationId, summary })),
    SetMetadata(REFUSALS, refuses),
  );
}

interface AnswerOptions {
  /** Headers that it always carries, and what they say. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON answer: an object of the class, or of one of several. */
export function Answers(
  status: number,
  description: string,
  types: Function | readonly Function[],
  { headers }: AnswerOptions = {},
): MethodDecorator & ClassDecorator {
  const all = [types].flat();
  const refs = all.map((type) => schemaOf(type));
  const [only = {}] = refs;
  return applyDecorators(
    described(({ ApiExtraModels }) => ApiExtraModels(...all)),
    described(({ ApiResponse }) =>
      ApiResponse({
        status,
        description,
        ...(headers === undefined ? {} : { headers: headersOf(headers) }),
        content: { 'application/json': { schema: refs.length === 1 ? only : { oneOf: refs } } },
      }),
    ),
  );
}

/** An answer that is no object of ours. */
export function AnswersFile(mediaType: string, type: 'string' | 'object', description: string): MethodDecorator {
  const content = { [mediaType]: { schema: { type } } };
  return described(({ ApiResponse }) => ApiResponse({ status: 200, description, content }));
}

export function headersOf(headers: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, required: true, schema: { type: 'string' } },
    ]),
  );
}

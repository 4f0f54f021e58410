import type { OperatorAction } from '#core';

/** Returns actor, request id and note as script arguments. */
export function auditArguments({ actor, requestId, note }: OperatorAction): readonly [string, string, string] {
  return [actor, requestId, note ?? ''];
}

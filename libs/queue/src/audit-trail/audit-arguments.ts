import type { OperatorAction } from '#core';

/** Actor, request id and note, as the scripts take them. */
export function auditArguments({ actor, requestId, note }: OperatorAction): readonly [string, string, string] {
  return [actor, requestId, note ?? ''];
}

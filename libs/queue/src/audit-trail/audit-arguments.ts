import type { OperatorAction } from '#core';

/** Functions for scripts that write an audit record. They need `clock.lua` before them. */
export const AUDIT_LUA = new URL('../lua/audit.lua', import.meta.url);

/** Returns actor, request id and note as script arguments. */
export function auditArguments({ actor, requestId, note }: OperatorAction): readonly [string, string, string] {
  return [actor, requestId, note ?? ''];
}

import { AUDIT_LUA, HOME_LUA } from '#queue';
import { LuaScript } from '#redis';

/** The scripts of the ledger, all idempotent. Each file documents its contract. */
export const LUA = {
  admit: script('clock', 'key-type', 'job-state', 'producer-budget', 'admit-jobs'),
  settle: script('clock', 'lane-lease', 'key-type', 'job-state', 'spend', 'book-spend', 'settle-jobs'),
  listJobs: script('key-type', 'list-jobs'),
  readJobs: script('key-type', 'read-jobs'),
  restoreJobs: script('clock', 'job-state', 'restore-jobs'),
  acquireLane: script('clock', 'lane-owner', 'acquire-lane'),
  renewLane: script('clock', 'lane-lease', 'renew-lane'),
  releaseLane: script('release-lane'),
  freeLane: new LuaScript(part('clock'), AUDIT_LUA, part('free-lane')),
  readLane: script('read-lane'),
  readTenure: script('clock', 'lane-owner', 'read-tenure'),
  resetNonce: script('clock', 'lane-lease', 'reset-nonce'),
  commit: script('clock', 'lane-lease', 'key-type', 'job-state', 'spend', 'reserve-spend', 'circuit', 'commit'),
  secureAttempt: script('clock', 'lane-lease', 'secure-attempt'),
  addAttempt: script('clock', 'lane-lease', 'spend', 'reserve-spend', 'add-attempt'),
  moveHome: new LuaScript(HOME_LUA, part('move-home')),
  fillGap: script('clock', 'lane-lease', 'spend', 'reserve-spend', 'fill-gap'),
  readSpend: script('clock', 'spend', 'circuit', 'read-spend'),
  replacePolicy: new LuaScript(part('clock'), AUDIT_LUA, part('replace-policy')),
  recordOutcomes: script('clock', 'circuit', 'record-outcomes'),
  closeCircuit: new LuaScript(part('clock'), part('circuit'), AUDIT_LUA, part('close-circuit')),
} as const;

function script(...parts: readonly string[]): LuaScript {
  return new LuaScript(...parts.map((name) => part(name)));
}

function part(name: string): URL {
  return new URL(`./lua/${name}.lua`, import.meta.url);
}

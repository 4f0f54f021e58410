import { armCrashPoint, CRASH_POINTS } from '#core';

/** For tests: CRASH_AT=<point> ends the process there, as kill -9 would. Inert unless NODE_ENV is `test`. */
export function armCrashSwitch(environment: NodeJS.ProcessEnv): void {
  if (environment['NODE_ENV'] !== 'test') return;
  const point = CRASH_POINTS.find((name) => name === environment['CRASH_AT']);
  if (point) armCrashPoint(point, () => process.kill(process.pid, 'SIGKILL'));
}

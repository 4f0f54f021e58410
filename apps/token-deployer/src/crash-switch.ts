import { writeSync } from 'node:fs';
import { armCrashPoint, CRASH_POINTS, disarmCrashPoint } from '#core';

const STDERR = 2;

/** What the switch needs of the process it is in. */
interface CrashingProcess {
  readonly pid: number;
  kill(pid: number, signal: NodeJS.Signals): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/**
 * For tests: `CRASH_AT=<point>` ends the process there, as kill -9 would, and `CRASH_AT=<point>:<n>` when it comes there for
 * the nth time. `CRASH_SIGNAL=SIGSTOP` freezes it instead. A parent with a channel to the process may arm it later, by a
 * message of the same form, and disarm it by any other. Inert unless NODE_ENV is `test`.
 */
export function armCrashSwitch(environment: NodeJS.ProcessEnv, self: CrashingProcess = process): void {
  if (environment['NODE_ENV'] !== 'test') return;
  const signal = environment['CRASH_SIGNAL'] === 'SIGSTOP' ? 'SIGSTOP' : 'SIGKILL';
  const arm = (place: unknown): void => {
    const [name, pass = '1'] = String(place).split(':');
    const point = CRASH_POINTS.find((known) => known === name);
    if (!point) return disarmCrashPoint();
    const strike = (): void => {
      writeSync(STDERR, `crash switch: ${signal} at ${point}\n`);
      self.kill(self.pid, signal);
    };
    armCrashPoint(point, strike, Number(pass));
  };
  arm(environment['CRASH_AT']);
  self.on('message', arm);
}

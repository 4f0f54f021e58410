import { writeSync } from 'node:fs';
import { armFailpoint, FAILPOINTS, disarmFailpoint } from '#core';

const STDERR = 2;

/** What the switch needs of the process it is in. */
interface CrashingProcess {
  readonly pid: number;
  kill(pid: number, signal: NodeJS.Signals): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/**
 * For tests: `FAILPOINT=<point>` ends the process there, as kill -9 would, and `FAILPOINT=<point>:<n>` when it comes there for
 * the nth time. `FAILPOINT_SIGNAL=SIGSTOP` freezes it instead. A parent with a channel to the process may arm it later, by a
 * message of the same form, and disarm it by any other. Inert unless NODE_ENV is `test`.
 */
export function armFailpoints(environment: NodeJS.ProcessEnv, self: CrashingProcess = process): void {
  if (environment['NODE_ENV'] !== 'test') return;
  const signal = environment['FAILPOINT_SIGNAL'] === 'SIGSTOP' ? 'SIGSTOP' : 'SIGKILL';
  const arm = (place: unknown): void => {
    const [name, pass = '1'] = String(place).split(':');
    const point = FAILPOINTS.find((known) => known === name);
    if (!point) return disarmFailpoint();
    const strike = (): void => {
      writeSync(STDERR, `crash switch: ${signal} at ${point}\n`);
      self.kill(self.pid, signal);
    };
    armFailpoint(point, strike, Number(pass));
  };
  arm(environment['FAILPOINT']);
  self.on('message', arm);
}

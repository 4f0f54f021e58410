import { writeSync } from 'node:fs';
import { armFailpoint, FAILPOINTS, disarmFailpoint } from '#core';

const STDERR = 2;

/** The part of `process` that failpoints need. */
interface CrashingProcess {
  readonly pid: number;
  kill(pid: number, signal: NodeJS.Signals): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/**
 * Arms failpoints in tests. `FAILPOINT=<point>` kills the process there, `FAILPOINT=<point>:<n>` at its nth pass.
 * `FAILPOINT_SIGNAL=SIGSTOP` stops it instead. A parent process arms it by an IPC message of the same form, and disarms
 * it by any other message. Does nothing unless NODE_ENV is `test`.
 */
export function armFailpoints(environment: NodeJS.ProcessEnv, self: CrashingProcess = process): void {
  if (environment['NODE_ENV'] !== 'test') return;
  const signal = environment['FAILPOINT_SIGNAL'] === 'SIGSTOP' ? 'SIGSTOP' : 'SIGKILL';
  const arm = (place: unknown): void => {
    const [name, pass = '1'] = String(place).split(':');
    const point = FAILPOINTS.find((known) => known === name);
    if (!point) return disarmFailpoint();
    const strike = (): void => {
      writeSync(STDERR, `failpoint: ${signal} at ${point}\n`);
      self.kill(self.pid, signal);
    };
    armFailpoint(point, strike, Number(pass));
  };
  arm(environment['FAILPOINT']);
  self.on('message', arm);
}

import { channel } from 'node:diagnostics_channel';

/** The duration of one script call. */
export interface ScriptTiming {
  /** Name of the script: its file without `.lua`. */
  readonly command: string;
  readonly seconds: number;
}

const timings = channel('token-deployer:redis-script');

/** Calls `listener` after every script. */
export function onScriptTiming(listener: (timing: ScriptTiming) => void): void {
  timings.subscribe((message) => {
    if (isTiming(message)) listener(message);
  });
}

/** Times `run` for the listeners. */
export async function timed<T>(command: string, run: () => Promise<T>): Promise<T> {
  if (!timings.hasSubscribers) return await run();
  const start = performance.now();
  try {
    return await run();
  } finally {
    timings.publish({ command, seconds: (performance.now() - start) / 1000 } satisfies ScriptTiming);
  }
}

function isTiming(message: unknown): message is ScriptTiming {
  return typeof message === 'object' && message !== null && 'command' in message && 'seconds' in message;
}

/** Runs before the program: shifts `Date`, and nothing else, by the next of WALL_CLOCK_STEPS at each SIGUSR2. */
const PROGRAM = `
  const steps = process.env.WALL_CLOCK_STEPS.split(',').map(Number);
  const RealDate = Date;
  let offset = 0;
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      super(...(args.length === 0 ? [RealDate.now() + offset] : args));
    }
    static now() {
      return RealDate.now() + offset;
    }
  };
  process.on('SIGUSR2', () => {
    offset += steps.shift() ?? 0;
  });
`;

/** Returns the environment of a Node process whose wall clock steps by the next of these milliseconds at each SIGUSR2. */
export function steppingClock(...steps: readonly number[]): { NODE_OPTIONS: string; WALL_CLOCK_STEPS: string } {
  return {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(PROGRAM)}`,
    WALL_CLOCK_STEPS: steps.join(','),
  };
}

// For `node --import`: steps the wall clock of the process on SIGUSR2, each time by the next of WALL_CLOCK_STEPS (ms).
const steps = (process.env['WALL_CLOCK_STEPS'] ?? '').split(',').map(Number);
const RealDate = Date;
let offset = 0;

globalThis.Date = class SteppingDate extends RealDate {
  /** @param {ConstructorParameters<DateConstructor>} args */
  constructor(...args) {
    if (args.length === 0) super(SteppingDate.now());
    else super(...args);
  }

  static now() {
    return RealDate.now() + offset;
  }
};

process.on('SIGUSR2', () => {
  offset += steps.shift() ?? 0;
});

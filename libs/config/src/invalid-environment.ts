import type { Problem } from './environment.js';

/** The environment is not usable. The message names every bad variable with the expectation, and no value (S1). */
export class InvalidEnvironment extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(['The environment is not usable:', ...problems.map((it) => `  ${it.variable} ${it.expectation}`)].join('\n'));
    this.name = 'InvalidEnvironment';
  }
}

import type { ConfigProblem } from './environment.js';

/** The environment is not usable. The message names every bad variable with the expectation, and no value (S1). */
export class ConfigValidationError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(['The environment is not usable:', ...problems.map((it) => `  ${it.variable} ${it.expected}`)].join('\n'));
    this.name = 'ConfigValidationError';
  }
}

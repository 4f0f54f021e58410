/** One place that breaks a rule of the project's language. */
export interface Finding {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly problem: string;
}

/**
 * Runs the steps one after another; the first that fails ends it with its message and exit code 1.
 *
 * @param {readonly (() => void | Promise<void>)[]} steps
 */
export async function runSteps(steps) {
  try {
    for (const step of steps) await step();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

// The whole service on this machine: a disposable Redis and chain, the real contracts, the real process, five
// messages. Runs until Ctrl-C; with --once it checks the results and exits.
import { TestStack } from '../test/support/process/test-stack.js';
import { checkEverything } from './quickstart/checks.js';
import { waitForSignal } from './quickstart/wait-for-signal.js';
import { observeOutcomes, outcomeTable } from './quickstart/outcomes.js';
import { pointers } from './quickstart/pointers.js';
import { choosePort } from './quickstart/choose-port.js';
import { sampleMessages } from './quickstart/sample-messages.js';

const once = process.argv.includes('--once');
const stopRequested = waitForSignal();

try {
  console.log('Starting Redis, a chain and the service …');
  const stack = await TestStack.start({ port: await choosePort() });
  try {
    const passed = await show(stack);
    if (once) process.exitCode = passed ? 0 : 1;
    else await stopRequested;
  } finally {
    await stack.service.stop('SIGTERM');
    await stack.stop();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// The signal handlers of `asked` would keep nothing alive; an HTTP connection of fetch might, for some seconds.
process.exit();

/** @returns whether every check passed; true when none was asked for */
async function show(stack: TestStack): Promise<boolean> {
  await stack.service.start();
  const samples = sampleMessages();
  console.log(`Pushing ${samples.length} messages …\n`);
  await stack.queue.push(...samples.map(({ text }) => text));
  console.log(`${outcomeTable(await observeOutcomes(stack, samples))}\n`);
  if (!once) {
    console.log(pointers(stack));
    return true;
  }
  const checks = await checkEverything(stack, samples);
  for (const { passed, what } of checks) console.log(`${passed ? 'ok     ' : 'FAILED '} ${what}`);
  return checks.every(({ passed }) => passed);
}

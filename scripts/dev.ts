// `npm run dev`: the service on a disposable Redis and chain with the contracts deployed. A change below apps/ or libs/ bundles
// the sources and restarts the service; Redis and chain keep their data until the end.
import { mkdirSync, watch } from 'node:fs';
import { TestStack } from '../test/support/process/test-stack.js';
import { bundleSources } from './dev/bundle.js';
import { COMMAND_HELP, type Command, invalidMessage, readCommands, sampleMessage } from './dev/commands.js';
import { choosePort } from './quickstart/choose-port.js';
import { pointers } from './quickstart/pointers.js';
import { waitForSignal } from './quickstart/wait-for-signal.js';

const BUNDLE = 'dist/dev/service.mjs';
/** An editor saves a file in several steps. */
const DEBOUNCE_MS = 200;
const SOURCES = ['apps', 'libs'];

const quit = new AbortController();
void waitForSignal().then(() => quit.abort());

try {
  mkdirSync('dist/dev', { recursive: true });
  console.log('Starting Redis, a chain and the service …');
  await bundleSources(BUNDLE);
  const stack = await TestStack.start({
    port: await choosePort(),
    program: ['--enable-source-maps', BUNDLE],
    onServiceLine: (line) => console.log(line),
  });
  try {
    await serve(stack);
  } finally {
    await stack.service.stop('SIGTERM');
    await stack.stop();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// A keep-alive connection of fetch would hold the process for some seconds.
process.exit();

async function serve(stack: TestStack): Promise<void> {
  await stack.service.start();
  console.log(`\n${pointers(stack)}\n\n${COMMAND_HELP}\n`);

  let restarting = Promise.resolve();
  const restart = (): void => {
    restarting = restarting.then(() => rebuildAndRestart(stack));
  };
  const commands: Readonly<Record<Command, () => void>> = {
    m: () => void push(stack, sampleMessage()),
    d: () => void push(stack, invalidMessage()),
    r: restart,
    q: () => quit.abort(),
  };
  readCommands((command) => commands[command]());
  watchSources(restart);
  await new Promise((resolve) => quit.signal.addEventListener('abort', resolve));
  await restarting;
}

/** Keeps the running service when the sources do not compile. */
async function rebuildAndRestart({ service }: TestStack): Promise<void> {
  try {
    await bundleSources(BUNDLE);
    await service.stop('SIGTERM');
    await service.start();
    console.log(`restarted\n${COMMAND_HELP}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
}

function watchSources(onChange: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  for (const folder of SOURCES) {
    watch(folder, { recursive: true }, (_event, file) => {
      if (file === null || file.endsWith('.spec.ts')) return;
      clearTimeout(timer);
      timer = setTimeout(onChange, DEBOUNCE_MS);
    });
  }
}

async function push({ queue }: TestStack, message: string): Promise<void> {
  await queue.push(message);
  console.log(`pushed ${message}`);
}

// `npm run docs:screenshot`: the picture of the console in the README, of a real run that takes some minutes.
import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Browser } from '../test/support/http/browser.js';
import { ConsolePage } from '../test/support/http/console-page.js';
import { platformMessage } from '../test/support/fixtures/platform-message.fixture.js';
import { TestStack } from '../test/support/process/test-stack.js';

const FOLDER = 'docs/images';
const SECONDS = 200;
const FAMILIES = ['vision', 'speech', 'ranking', 'message', 'fraud'];

try {
  // Blocks every few seconds, so that there is something open in the lanes.
  const stack = await TestStack.start({
    anvilArgs: ['--block-time', '3'],
    env: { EXPLORER_URL: 'https://explorer.example' },
  });
  const browser = await Browser.start().catch(async (error: unknown) => {
    await stack.stop();
    throw error;
  });
  try {
    await stack.service.start();
    const page = await browser.open({ colorScheme: 'light', viewport: { width: 1280, height: 1060 } });
    const opened = await ConsolePage.open(page, stack.service.url);
    await opened.signIn(stack.opsToken);
    await traffic(stack);
    await mkdir(FOLDER, { recursive: true });
    await page.screenshot({ path: `${FOLDER}/console.png` });
  } finally {
    await browser.stop();
    await stack.stop();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** Messages in waves; every so often one that cannot be deployed. */
async function traffic({ queue, service }: TestStack): Promise<void> {
  for (let second = 0; second < SECONDS; second += 1) {
    const messages = Math.round(3 + 3 * Math.sin(second / 9) + 2 * Math.sin(second / 2.3));
    for (let i = 0; i < messages; i += 1) {
      const family = FAMILIES[(second + i) % FAMILIES.length] ?? 'vision';
      await queue.push(
        platformMessage({ model_id: `${family}-${second}-${i}`, token_symbol: `${family.toUpperCase()}-${i}` }),
      );
    }
    if (second % 50 === 10)
      await queue.push(platformMessage({ model_id: `odd-${second}`, contributor_address: 'unknown' }));
    if (second === 100)
      await service.request('POST', '/dlq/replay', { limit: 1, note: 'producer says the address is right now' });
    if (second === 130) await service.request('POST', '/queue/pause', { note: 'looking at ranking-120' });
    if (second === 138) await service.request('POST', '/queue/resume', { note: 'all clear' });
    await pause(1000);
  }
}

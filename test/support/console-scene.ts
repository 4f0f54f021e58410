import { randomBytes } from 'node:crypto';
import type { BrowserContextOptions } from 'playwright-core';
import { Browser } from './browser.js';
import { ConsolePage } from './console-page.js';
import { Stack } from './stack.js';

/** Improvement in percent below which a message goes to the dead letters, until the service starts with another floor. */
const FLOOR = '10';

/** The whole service, and a browser to look at it with. */
export class ConsoleScene {
  private constructor(
    readonly stack: Stack,
    private readonly browser: Browser,
    readonly readToken: string,
    /** What the service logged. */
    readonly log: readonly string[],
  ) {}

  static async start(): Promise<ConsoleScene> {
    const log: string[] = [];
    const readToken = randomBytes(24).toString('base64url');
    const env = {
      OPS_API_READ_TOKEN: readToken,
      MIN_IMPROVEMENT_PERCENTAGE: FLOOR,
      EXPLORER_URL: 'https://explorer.example/',
      LOG_LEVEL: 'DEBUG',
    };
    const stack = await Stack.start({ env, onServiceLine: (line) => log.push(line) });
    try {
      const [browser] = await Promise.all([Browser.start(), stack.service.start()]);
      return new ConsoleScene(stack, browser, readToken, log);
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  /** A window of its own with the sign-in form in it. */
  async open(options?: BrowserContextOptions): Promise<ConsolePage> {
    return await ConsolePage.open(await this.browser.open(options), this.stack.service.url);
  }

  /** The same, signed in and showing what there is. */
  async signedIn(options?: BrowserContextOptions, token = this.stack.opsToken): Promise<ConsolePage> {
    const opened = await this.open(options);
    await opened.signIn(token);
    await opened
      .panel('Dead letters')
      .getByText(/\d entr/)
      .waitFor();
    await opened.panel('Recent deployments').getByText('Loading').waitFor({ state: 'hidden' });
    return opened;
  }

  async stop(): Promise<void> {
    await this.browser.stop();
    await this.stack.stop();
  }
}

import type { Locator, Page } from 'playwright-core';

/** Runs in the page: not every violation of its policy shows in the console by itself. */
const REPORT_VIOLATIONS = `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  console.error('policy violated:', violatedDirective, blockedURI);
});`;

/** The console in a browser. Records the browser's errors. */
export class ConsolePage {
  /** Errors of the page's scripts, and what the console of the browser says in red. */
  readonly consoleErrors: string[] = [];
  /** Addresses that it asked for. */
  readonly requests: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.consoleErrors.push(error.message));
    page.on('console', (message) => {
      // An answer of 4xx or 5xx is one as well; what the page makes of it is shown.
      const expected = message.text().startsWith('Failed to load resource: the server responded with a status of');
      if (message.type() === 'error' && !expected) this.consoleErrors.push(message.text());
    });
    page.on('request', (request) => this.requests.push(request.url()));
  }

  static async open(page: Page, url: string): Promise<ConsolePage> {
    const opened = new ConsolePage(page);
    await page.addInitScript({ content: REPORT_VIOLATIONS });
    await page.goto(`${url}/console`);
    return opened;
  }

  async signIn(token: string): Promise<void> {
    await this.page.getByLabel('Bearer token').fill(token);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  panel(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  /** Row of a table in a panel that holds the text. */
  row(panel: string, text: string): Locator {
    return this.panel(panel).getByRole('row').filter({ hasText: text });
  }

  /** The dialog on top. */
  get dialog(): Locator {
    return this.page.getByRole('dialog').last();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** What the last action came to. */
  get result(): Locator {
    return this.page.locator('.results');
  }
}

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser as Chromium, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** What a Chromium is called; scripts/bootstrap/programs.mjs looks for the same names. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** A real Chromium without a window, whose files are in a folder that goes when it stops. */
export class Browser {
  private constructor(
    private readonly running: Chromium,
    private readonly folder: string,
  ) {}

  static async start(): Promise<Browser> {
    const folder = await mkdtemp(join(tmpdir(), 'chromium-'));
    try {
      const started = await chromium.launch({
        executablePath: program(),
        // Chromium refuses its sandbox to root; what it shows here is our own.
        chromiumSandbox: process.getuid?.() !== 0,
        args: ['--disable-dev-shm-usage', '--disable-gpu'],
        env: { PATH: process.env['PATH'] ?? '', HOME: folder, TMPDIR: folder },
      });
      return new Browser(started, folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** A window that shares nothing with the others: no cookie, no storage, no cache. */
  async open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.running.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(30_000);
    return await context.newPage();
  }

  async stop(): Promise<void> {
    await this.running.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function program(): string {
  const named = process.env['CHROMIUM'];
  if (named !== undefined) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (found === undefined) throw new Error('there is no Chromium: install it, or name its program in CHROMIUM');
  return found;
}

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleFixture } from '../../support/fixtures/console.fixture.js';
import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import { lowContrastTexts } from './contrast.js';
import { until } from '../../support/until.js';

const MARKUP = '<img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>';

/** What has the focus: its name, as text. */
async function focused(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
  });
}

/** Presses Tab until something of that name has the focus, as an operator without a mouse does. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 100; step += 1) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never comes to ${name}`);
}

describe('the console, as a page', () => {
  let scene: ConsoleFixture;

  beforeAll(async () => {
    scene = await ConsoleFixture.start();
    const { queue } = scene.stack;
    await queue.push(platformMessage({ model_id: 'broken', contributor_address: 'unknown' }));
    await queue.push(platformMessage({ model_id: `m${MARKUP}`, contributor_address: MARKUP }));
    await queue.push(platformMessage({ model_id: 'fine', current_value: 1.7, improvement_percentage: 100 }));
    await until('the dead letters', async () => (await queue.messageCounts()).dead === 2);
    await queue.drained();
  });

  afterAll(() => scene.stop());

  it('refuses a wrong token, and keeps the right one in its memory alone', async () => {
    const console = await scene.open();
    await console.signIn(`${scene.stack.opsToken}x`);
    await console.page.getByRole('alert').getByText('The service does not know this token.').waitFor();
    expect(await console.page.getByRole('region').count()).toBe(0);

    await console.signIn(scene.stack.opsToken);
    await console.row('Dead letters', 'broken').waitFor();
    const kept = await console.page.evaluate(async () => ({
      stored: [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, location.href],
      page:
        document.documentElement.outerHTML +
        [...document.querySelectorAll('input')].map(({ value }) => value).join(' '),
      databases: (await indexedDB.databases()).length + (await caches.keys()).length,
    }));
    expect(kept.stored).toEqual(['{}', '{}', '', `${scene.stack.service.url}/console`]);
    expect(kept.databases).toBe(0);
    expect(await console.page.context().cookies()).toEqual([]);
    expect(console.requests.length).toBeGreaterThan(20);
    for (const text of [kept.page, ...console.requests, ...scene.log]) expect(text).not.toContain(scene.stack.opsToken);

    await console.page.reload();
    await console.page.getByLabel('Bearer token').waitFor();
    expect(await console.page.getByRole('region').count()).toBe(0);
    expect(console.consoleErrors).toEqual([]);
    await console.page.context().close();
  });

  it('sends no request while the page is hidden or the operator is signed out', async () => {
    const console = await scene.open();
    const { page } = console;
    await page.clock.install();
    await page.reload();
    await console.signIn(scene.stack.opsToken);
    await console.row('Dead letters', 'broken').waitFor();
    const look = async (hidden: boolean): Promise<void> => {
      await page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    };
    await look(true);
    await page.waitForLoadState('networkidle');
    const hidden = console.requests.length;
    await page.clock.runFor(60_000);
    expect(console.requests.length).toBe(hidden);
    await look(false);
    await until('it to look again', () => console.requests.length > hidden);

    await console.button('Sign out').click();
    await page.getByLabel('Bearer token').waitFor();
    expect(await page.content()).not.toContain('invalid_address');
    expect(await page.locator('.panel').count()).toBe(0);
    const after = console.requests.length;
    await page.clock.runFor(60_000);
    expect(console.requests.length).toBe(after);
    await page.context().close();
  });

  it('offers nothing to do to a token that may only look', async () => {
    const console = await scene.openSignedIn({}, scene.readToken);
    await console.page.getByText('read · may only look').waitFor();
    for (const name of ['Pause …', 'Replay all that match …', /Select/])
      expect(await console.button(name).count()).toBe(0);
    await console.button('View broken').click();
    await console.dialog.getByRole('definition').getByText('invalid_address').waitFor();
    expect(await console.dialog.getByRole('button', { name: /Discard|Replay/ }).count()).toBe(0);
    await console.page.context().close();
  });

  it('shows markup in model id, error, message and note as text', async () => {
    const console = await scene.openSignedIn();
    const row = console.row('Dead letters', 'm<img');
    expect(await row.innerText()).toContain(`m${MARKUP}`);
    await row.getByRole('button', { name: /View/ }).click();
    await console.dialog.getByText(MARKUP).first().waitFor();
    await console.dialog.getByText('The whole entry').click();
    await console.dialog.getByRole('button', { name: 'Discard …' }).click();
    await console.dialog.getByLabel('Note').fill(`note ${MARKUP}`);
    await console.dialog.getByRole('button', { name: 'Discard', exact: true }).click();
    await console.row('Audit trail', `note ${MARKUP}`).waitFor();
    expect(await console.result.innerText()).toContain(MARKUP);
    expect(await console.page.evaluate(() => 'owned' in globalThis)).toBe(false);
    expect(await console.page.locator('img, body script').count()).toBe(0);
    expect(console.consoleErrors).toEqual([]);
    await console.page.context().close();
  });

  it('works with the keyboard alone, and gives the focus back', async () => {
    const { page, dialog, panel } = await scene.open().then((console) => ({
      page: console.page,
      dialog: console.page.getByRole('dialog'),
      panel: console.panel('Dead letters'),
    }));
    await page.keyboard.type(scene.stack.opsToken);
    await page.keyboard.press('Enter');
    await panel.getByText('broken', { exact: true }).waitFor();
    await tabTo(page, 'View broken');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
    expect(outline).toBe('solid');

    await page.keyboard.press('Enter');
    await dialog.getByText('"contributor_address"').first().waitFor();
    for (let step = 0; step < 15; step += 1) {
      await page.keyboard.press('Tab');
      // The browser's own buttons come in between; the page behind the dialog never does.
      expect(await page.evaluate(() => document.activeElement?.closest('dialog, body')?.tagName)).toMatch(
        /DIALOG|BODY/,
      );
      expect(await page.evaluate(() => document.querySelector('#content')?.contains(document.activeElement))).toBe(
        false,
      );
    }
    await tabTo(page, 'Replay …');
    await page.keyboard.press('Enter');
    await dialog.getByText('Replay 1 dead letter?').waitFor();
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('Replay …');
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(0);
    expect(await focused(page)).toBe('View broken');

    await page.keyboard.press('Space');
    await tabTo(page, 'Replay …');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Dry run');
    await page.keyboard.press('Space');
    await dialog.getByText('Dry run: 1 would be replayed. Nothing was changed.').waitFor();
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('fits a phone and can be read, %s', async (colorScheme) => {
    const viewport = { width: 360, height: 740 };
    const console = await scene.open({ colorScheme, viewport, reducedMotion: 'reduce' });
    const width = async (): Promise<number> => await console.page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBe(360);
    expect(await lowContrastTexts(console.page)).toEqual([]);
    await console.signIn(scene.stack.opsToken);
    await console.row('Dead letters', 'broken').waitFor();
    await console.row('Recent deployments', 'fine').waitFor();
    expect(await width()).toBe(360);
    expect(await lowContrastTexts(console.page)).toEqual([]);
    const ground = await console.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(ground).toBe(colorScheme === 'light' ? 'rgb(243, 245, 248)' : 'rgb(14, 19, 26)');
    expect(await console.page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)).toBe('auto');

    await console.button('View broken').click();
    await console.dialog.getByText('"contributor_address"').first().waitFor();
    await console.dialog.getByRole('button', { name: 'Discard …' }).click();
    expect(await width()).toBe(360);
    expect(await lowContrastTexts(console.page)).toEqual([]);
    expect(await console.dialog.evaluate((dialog) => dialog.scrollWidth <= dialog.clientWidth)).toBe(true);
    await console.page.context().close();
  });

  it('copies what it shortens', async () => {
    const console = await scene.openSignedIn({ permissions: ['clipboard-read', 'clipboard-write'] });
    await console.row('Recent deployments', 'fine').getByRole('button', { name: 'Copy the token address' }).click();
    const { address } = await until('the token', () => scene.stack.tokens.find('fine'));
    const copied = async (): Promise<string> => await console.page.evaluate(() => navigator.clipboard.readText());
    await until('the copy', async () => (await copied()) !== '');
    expect(await copied()).toBe(address);
    await console.page.context().close();
  });

  it('keeps row and focus where they are while it refreshes', async () => {
    const console = await scene.openSignedIn();
    const view = console.button('View broken');
    await view.focus();
    const element = await view.elementHandle();
    const asked = (): number => console.requests.filter((url) => url.includes('/dlq')).length;
    const before = asked();
    await scene.stack.queue.push('another that is no JSON');
    await console.row('Dead letters', 'invalid_json').waitFor();
    expect(asked()).toBeGreaterThan(before);
    expect(await element?.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(await console.row('Dead letters', 'broken').count()).toBe(1);
    expect(await focused(console.page)).toBe('View broken');
    await console.page.context().close();
  });

  it('goes back to the sign-in when the token is no longer good, and says when there is none at all', async () => {
    const console = await scene.openSignedIn();
    const { service } = scene.stack;
    await service.stop('SIGKILL');
    await service.start({ OPS_API_TOKEN: 'another-token-of-32-letters-0123', OPS_API_READ_TOKEN: '' });
    await console.page
      .getByRole('alert')
      .getByText('The service no longer knows this token.')
      .waitFor({ timeout: 60_000 });
    expect(await console.page.locator('.panel').count()).toBe(0);

    await service.stop('SIGKILL');
    await service.start({ OPS_API_TOKEN: '', OPS_API_READ_TOKEN: '' });
    await console.signIn(scene.stack.opsToken);
    await console.page.getByRole('alert').getByText('The operator API is off').waitFor();
    await console.page.reload();
    await console.page.getByRole('heading', { name: 'The operator API is off' }).waitFor();
    expect(await console.page.getByLabel('Bearer token').count()).toBe(0);
    await console.page.context().close();
  });
});

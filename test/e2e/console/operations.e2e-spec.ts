import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ConsolePage } from '../../support/http/console-page.js';
import { ConsoleFixture } from '../../support/fixtures/console.fixture.js';
import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import { until } from '../../support/until.js';

/** Orders a replay of everything, two seconds an entry. */
async function beginSlowReplay(page: ConsolePage): Promise<void> {
  await page.button('Replay all that match …').click();
  await page.dialog.getByLabel('At most per second').fill('0.5');
  await page.dialog.getByRole('button', { name: 'Replay', exact: true }).click();
}

describe('the console, to work with', () => {
  let scene: ConsoleFixture;
  let console: ConsolePage;

  beforeAll(async () => {
    scene = await ConsoleFixture.start();
    await scene.stack.queue.push(platformMessage({ model_id: 'too-little' }));
    await until('the dead letter', async () => (await scene.stack.queue.messageCounts()).dead === 1);
    console = await scene.openSignedIn();
  });

  // So that one that failed in a dialog does not take the others with it.
  afterEach(async () => {
    while ((await console.page.getByRole('dialog').count()) > 0) await console.page.keyboard.press('Escape');
  });

  afterAll(() => scene.stop());

  const dead = async (): Promise<string[]> =>
    (await scene.stack.queue.deadLetters()).map(({ model_id }) => model_id ?? '');

  it('shows why a message died, and the message', async () => {
    const row = console.row('Dead letters', 'too-little');
    await row.getByText('below_improvement_floor').waitFor();
    await row.getByRole('button', { name: 'View too-little' }).click();
    await console.dialog.getByText('"contributor_address"').first().waitFor();
    expect(await console.dialog.getByRole('region', { name: 'Message' }).innerText()).toContain(
      '"model_id": "too-little"',
    );
    await console.dialog.getByRole('button', { name: 'Close' }).click();
    expect(await console.page.getByRole('dialog').count()).toBe(0);
  });

  it('shows that it is stale while the service is down, and resumes automatically', async () => {
    const { service } = scene.stack;
    await service.stop('SIGTERM');
    await console.page.locator('#freshness').getByText('Not up to date ·').waitFor();
    await console.panel('Queues').getByText('The service cannot be reached').first().waitFor();
    await console.panel('Holds and degraded components').getByText('Health is unknown').waitFor();
    // What was known stays.
    expect(await console.row('Dead letters', 'too-little').count()).toBe(1);
    await service.start({ MIN_IMPROVEMENT_PERCENTAGE: '0' });
    await console.page.locator('#freshness[data-state="live"]').waitFor({ timeout: 60_000 });
    await console.panel('Holds and degraded components').getByText('No holds. All components are up.').waitFor();
    expect(await console.panel('Queues').getByText('The service cannot be reached').count()).toBe(0);
  });

  it('tries a replay, replays, and shows the token with its way to the explorer', async () => {
    await console.button('View too-little').click();
    await console.dialog.getByRole('button', { name: 'Replay …' }).click();
    await console.dialog.getByLabel('Note').fill('the floor is lower now');
    await console.dialog.getByRole('button', { name: 'Dry run' }).click();
    await console.dialog.getByText('Dry run: 1 would be replayed. Nothing was changed.').waitFor();
    expect(await dead()).toEqual(['too-little']);

    await console.dialog.getByRole('button', { name: 'Replay', exact: true }).click();
    await console.result.getByText('Replay: 1 replayed.').waitFor();
    const { address } = await until('the token', () => scene.stack.tokens.find('too-little'));
    const link = console.row('Recent deployments', 'too-little').getByRole('link').first();
    await until(
      'the link',
      async () => (await link.getAttribute('href')) === `https://explorer.example/address/${address}`,
    );
    await console.row('Recent deployments', 'too-little').getByText('deployed', { exact: true }).waitFor();
    await console.row('Audit trail', 'the floor is lower now').first().waitFor();
    await console.row('Dead letters', 'too-little').waitFor({ state: 'hidden' });
  });

  it('discards only with a note, and restores from the audit trail', async () => {
    await scene.stack.queue.push(platformMessage({ model_id: 'unwanted', contributor_address: 'unknown' }));
    await console.button('View unwanted').click();
    await console.dialog.getByRole('button', { name: 'Discard …' }).click();
    await console.dialog.getByRole('button', { name: 'Discard', exact: true }).click();
    await console.dialog.getByRole('alert').getByText('A note is needed').waitFor();
    expect(await dead()).toEqual(['unwanted']);

    await console.dialog.getByLabel('Note').fill('a test of the platform');
    await console.dialog.getByRole('button', { name: 'Discard', exact: true }).click();
    await console.result.getByText('Discarded unwanted.').waitFor();
    expect(await dead()).toEqual([]);
    const record = console.row('Audit trail', 'a test of the platform');
    await record.getByRole('button', { name: 'Restore' }).click();
    await console.dialog.getByRole('button', { name: 'Restore', exact: true }).click();
    await console.result.getByText('Restored.').waitFor();
    expect(await dead()).toEqual(['unwanted']);
    await console.row('Dead letters', 'unwanted').waitFor();
  });

  it('pauses and resumes every replica', async () => {
    await console.button('Pause …').click();
    await console.dialog.getByLabel('Ends automatically').fill('90');
    await console.dialog.getByRole('button', { name: 'Pause', exact: true }).click();
    await console.result.getByText('Paused for 90 minutes.').waitFor();
    await console.page.getByText('Paused: no replica claims messages').waitFor();
    await scene.stack.queue.push(
      platformMessage({ model_id: 'waits', current_value: 1.7, improvement_percentage: 100 }),
    );
    await console.page.locator('[data-tile="main_queue"]').getByText('1', { exact: true }).waitFor();
    expect((await scene.stack.queue.messageCounts()).waiting).toBe(1);

    await console.button('Resume …').click();
    await console.dialog.getByRole('button', { name: 'Resume', exact: true }).click();
    await console.page.getByText('Paused: no replica claims messages').waitFor({ state: 'hidden' });
    await until('the token', () => scene.stack.tokens.find('waits'));
    await console.row('Recent deployments', 'waits').getByText('deployed', { exact: true }).waitFor();
  });

  it('shows the lane of the account, and rates', async () => {
    const lanes = console.panel('Lanes');
    await lanes.getByText('Next nonce').waitFor();
    expect(await lanes.getByRole('link').first().getAttribute('href')).toMatch(
      /^https:\/\/explorer\.example\/address\/0x/,
    );
    await lanes.getByRole('row', { name: /Ether per hour 0\./ }).waitFor();
    await lanes.getByText('Circuit breaker: closed').waitFor();
    expect(await lanes.locator('.facts').innerText()).toMatch(/Balance\s+[\d.]+ ETH[^]*Held by\s+\S+:[\da-f]{8}/);
    const received = console.page.locator('[data-tile="received"]');
    await until('a rate', async () => Number((await received.locator('.tile-value').innerText()) || 0) > 0);
    expect(await received.getByRole('img').getAttribute('aria-label')).toMatch(/^Received: now [\d.]+, highest/);
  });

  it('filters, and leaves the rest alone', async () => {
    await scene.stack.queue.push('no JSON at all');
    await console.row('Dead letters', 'invalid_json').waitFor();
    await console.panel('Dead letters').getByLabel('Reason').fill('invalid_json');
    await console.button('Filter').click();
    await console.row('Dead letters', 'unwanted').waitFor({ state: 'hidden' });
    expect(await console.row('Dead letters', 'invalid_json').count()).toBe(1);
    await console.button('Clear').click();
    await console.row('Dead letters', 'unwanted').waitFor();
  });

  it('is true on two pages at once: what one takes away, the other finds gone', async () => {
    const other = await scene.openSignedIn();
    await other.button('View unwanted').click();
    await other.dialog.getByRole('button', { name: 'Replay …' }).click();
    await console.page.getByLabel('Select unwanted').check();
    await console.button('Replay 1 selected …').click();
    await console.dialog.getByRole('button', { name: 'Replay', exact: true }).click();
    await console.result.getByText('Replay: 1 replayed.').waitFor();

    await other.dialog.getByRole('button', { name: 'Replay', exact: true }).click();
    await other.result.getByText('Replay: 1 gone.').waitFor();
    expect(other.consoleErrors).toEqual([]);
    await other.page.context().close();
  });

  it('shows how far a long replay is on every page, and cancels it from either', async () => {
    const broken = Array.from({ length: 6 }, (_, i) =>
      platformMessage({ model_id: `slow-${i}`, contributor_address: 'x' }),
    );
    await scene.stack.queue.push(...broken);
    await until('the dead letters', async () => (await dead()).length >= 6);
    const other = await scene.openSignedIn();
    await beginSlowReplay(console);
    await console.result.getByText('The replay is under way.').waitFor();
    await console
      .panel('Replay')
      .getByText(/running by operate, at most 0.5 a second/)
      .waitFor();
    await beginSlowReplay(other);
    await other.dialog.getByText('409: Another replay is running').waitFor();
    await other.dialog.getByRole('button', { name: 'Cancel', exact: true }).click();

    await other.button('Cancel replay …').click();
    await other.dialog.getByRole('button', { name: 'Cancel replay', exact: true }).click();
    await console
      .panel('Replay')
      .getByText(/cancelled by operate/)
      .waitFor();
    expect((await dead()).length).toBeGreaterThan(0);
    await other.page.context().close();
  });

  it('never had the browser complain', () => {
    expect(console.consoleErrors.filter((text) => !text.includes('ERR_CONNECTION'))).toEqual([]);
  });
});

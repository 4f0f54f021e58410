import { Explorer } from './explorer.js';
import { find, setText } from './dom.js';
import { Freshness } from './freshness.js';
import { auditPanel } from './panel-audit.js';
import { budgetsPanel } from './panel-budgets.js';
import { deadLettersPanel } from './panel-dead-letters.js';
import { deploymentsPanel } from './panel-deployments.js';
import { lanesPanel } from './panel-lanes.js';
import { metricsPanel } from './panel-metrics.js';
import { queuesPanel } from './panel-queues.js';
import { ReplayPanel } from './panel-replay.js';
import { situationPanel } from './panel-situation.js';
import { Poller } from './poller.js';
import { Results } from './results.js';

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('./api-types.d.js').SessionBody} Session */

/** What is there between signing in and signing out. Its elements go with it, and all they show. */
export class App {
  #elements;
  #poller;

  /**
   * @param {Api} api
   * @param {Session} session
   * @param {() => void} onSignOut
   */
  constructor(api, session, onSignOut) {
    this.api = api;
    const results = new Results();
    const shell = document.importNode(find(document, '#app', HTMLTemplateElement).content, true);
    this.#elements = [...shell.children, results.element];
    document.body.append(shell, results.element);
    introduce(session);
    find(document, '#sign-out', HTMLButtonElement).addEventListener('click', onSignOut);

    const freshness = new Freshness(document.body);
    this.#poller = new Poller(freshness.tick, freshness.failed);
    const replay = new ReplayPanel();
    const context = {
      api,
      session,
      explorer: new Explorer(session.explorer_url),
      results,
      hurry: (/** @type {readonly string[]} */ ...feeds) => this.#poller.hurry(...feeds),
      follow: (/** @type {string} */ id) => replay.follow(id),
    };
    const queues = queuesPanel(context);
    const lanes = lanesPanel(context);
    this.#poller.start([
      situationPanel(context),
      queues,
      metricsPanel(context, lanes.showBalances),
      lanes.feed,
      budgetsPanel(context),
      deadLettersPanel(context),
      deploymentsPanel(context),
      auditPanel(context),
      replay.attach(context),
    ]);
    find(document, '#content', HTMLElement).focus();
  }

  close() {
    this.#poller.stop();
    this.api.close();
    for (const dialog of document.querySelectorAll('dialog')) dialog.remove();
    for (const element of this.#elements) element.remove();
  }
}

/** @param {Session} session */
function introduce({ service, network, chain_id, actor, scope, version }) {
  setText(find(document, '#service', HTMLElement), service);
  setText(find(document, '#network', HTMLElement), `${network} · chain ${chain_id}`);
  setText(find(document, '#who', HTMLElement), scope !== 'read' ? actor : `${actor} · may only look`);
  setText(find(document, '#version', HTMLElement), `Version ${version}.`);
  for (const element of document.querySelectorAll('[data-operates]')) {
    if (element instanceof HTMLElement) element.hidden = scope === 'read';
  }
}

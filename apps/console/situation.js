/** @typedef {import('./api-types.d.js').HealthBody} Health */
/** @typedef {{ readonly key: string, readonly level: 'warn' | 'bad', readonly text: string, readonly since: string | null }} Trouble */

/** A replica that did not answer for so long is not counted any more. */
const FORGET_AFTER_MS = 30_000;

/** What the replicas say. Each shows the holds of all, and its own phase and components. */
export class Situation {
  /** @type {Map<string, { readonly at: number, readonly health: Health }>} */
  #replicas = new Map();

  /**
   * @param {string} replica
   * @param {number} now milliseconds
   * @param {Health} health
   */
  add(replica, now, health) {
    this.#replicas.set(replica, { at: now, health });
    for (const [known, { at }] of this.#replicas) if (now - at > FORGET_AFTER_MS) this.#replicas.delete(known);
  }

  get replicas() {
    return this.#replicas.size;
  }

  /** Holds, components that are not up and phases that are not ready; the worst first. */
  troubles() {
    const several = this.#replicas.size > 1;
    const own = [...this.#replicas].flatMap(([replica, { health }]) =>
      troublesOf(health).map((trouble) => ({
        ...trouble,
        key: `${replica} ${trouble.key}`,
        text: several ? `Replica ${replica}: ${trouble.text}` : trouble.text,
      })),
    );
    const [newest] = [...this.#replicas.values()].toSorted((a, b) => b.at - a.at);
    return [...(newest === undefined ? [] : holdsOf(newest.health)), ...own].toSorted(
      (a, b) => a.level.localeCompare(b.level) || a.key.localeCompare(b.key),
    );
  }
}

/**
 * @param {Health} health
 * @returns {readonly Trouble[]}
 */
function holdsOf({ holds }) {
  return (
    holds
      // The pause has a line of its own.
      .filter(({ reason }) => reason !== 'paused')
      .map(({ reason, since, detail, lane, ends, runbook }) => ({
        key: `hold ${reason} ${lane ?? ''}`,
        level: 'warn',
        text: `Held: ${reason}: ${detail}. Ends when ${ends}. See ${runbook}`,
        since,
      }))
  );
}

/**
 * @param {Health} health
 * @returns {readonly Trouble[]}
 */
function troublesOf({ phase, components }) {
  /** @type {Trouble[]} */
  const troubles = [];
  for (const [name, { status, detail }] of Object.entries(components)) {
    if (status === 'up') continue;
    const level = status === 'down' ? 'bad' : 'warn';
    troubles.push({
      key: `component ${name}`,
      level,
      text: `${name} is ${status}${detail === null ? '' : `: ${detail}`}`,
      since: null,
    });
  }
  if (phase !== 'ready') troubles.push({ key: 'phase', level: 'warn', text: `The service is ${phase}`, since: null });
  return troubles;
}

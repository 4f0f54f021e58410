/** @typedef {import('./api-types.d.js').HealthBody} Health */
/** @typedef {{ readonly key: string, readonly level: 'warn' | 'bad', readonly text: string, readonly since: string | null }} Trouble */

/** A replica that did not answer for so long is not counted any more. */
const FORGET_AFTER_MS = 30_000;

/** What the replicas say about themselves. Each speaks for itself only, and any of them may answer the next request. */
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
    return [...this.#replicas]
      .flatMap(([replica, { health }]) =>
        troublesOf(health).map((trouble) => ({
          ...trouble,
          key: `${replica} ${trouble.key}`,
          text: several ? `Replica ${replica}: ${trouble.text}` : trouble.text,
        })),
      )
      .toSorted((a, b) => a.level.localeCompare(b.level) || a.key.localeCompare(b.key));
  }
}

/**
 * @param {Health} health
 * @returns {readonly Trouble[]}
 */
function troublesOf({ phase, components, holds }) {
  /** @type {Trouble[]} */
  const troubles = holds
    // The pause is the same for all replicas and has a line of its own.
    .filter(({ reason }) => reason !== 'paused')
    .map(({ reason, since, detail }) => ({
      key: `hold ${reason}`,
      level: 'warn',
      text: `Held: ${reason}: ${detail}`,
      since,
    }));
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

import type { Api } from './api.js';
import type { SessionBody } from './api-types.d.js';
import type { Explorer } from './explorer.js';
import type { Results } from './results.js';

/** Dependencies of every panel while an operator is signed in. */
export interface Context {
  readonly api: Api;
  readonly session: SessionBody;
  readonly explorer: Explorer;
  readonly results: Results;
  /** Asks the feeds of these names at once. */
  readonly hurry: (...feeds: readonly string[]) => void;
  /** Shows the progress of a replay. */
  readonly follow: (replayId: string) => void;
}

import { Injectable } from '@nestjs/common';
import { ApiSettings } from '../api-settings.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/**
 * Changes that one token may make in an hour: each writes an audit record of at most 6 kB, and perhaps an idempotent
 * answer.
 */
const MAX_CHANGES_PER_HOUR = 10_000;

/** Counts the requests of each token, in windows that begin with the first one. In memory, per replica. */
@Injectable()
export class RequestRate {
  private readonly requests: Windows;
  private readonly changes = new Windows(MAX_CHANGES_PER_HOUR, HOUR_MS);

  constructor(settings: ApiSettings) {
    this.requests = new Windows(settings.requestsPerMinute, MINUTE_MS);
  }

  /** Counts one request. Returns the milliseconds that the token has to wait; 0 when the request is admitted. */
  count(tokenId: string, isChange: boolean): number {
    const waitMs = this.requests.count(tokenId);
    return waitMs > 0 || !isChange ? waitMs : this.changes.count(tokenId);
  }
}

/** As many as there are tokens: an id is that of a valid one. */
class Windows {
  private readonly byToken = new Map<string, { count: number; readonly endsAt: number }>();

  constructor(
    private readonly maximum: number,
    private readonly lengthMs: number,
  ) {}

  count(tokenId: string): number {
    const now = performance.now();
    const known = this.byToken.get(tokenId);
    const window = known !== undefined && known.endsAt > now ? known : { count: 0, endsAt: now + this.lengthMs };
    this.byToken.set(tokenId, window);
    if (window.count >= this.maximum) return window.endsAt - now;
    window.count += 1;
    return 0;
  }
}

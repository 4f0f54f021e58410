import { Injectable } from '@nestjs/common';
import { DeadLetters, type ReplayedEntry, type ReplaySelection } from '#core';
import { IdReplaySource } from './id-replay-source.js';
import { FilterReplaySource } from './filter-replay-source.js';
import { ReplayEligibilityService } from './replay-eligibility.service.js';

/** Entries that one preview shows: the client waits for it. */
const MAX_ENTRIES = 1_000;

type PreviewedEntry = Pick<ReplayedEntry, 'id' | 'messageId' | 'modelId'> & { readonly result: string };

/** Says what a replay would do, and changes nothing. */
@Injectable()
export class ReplayPreview {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly replayability: ReplayEligibilityService,
  ) {}

  /** The first thousand entries of the selection, at most. */
  async of(selection: ReplaySelection, force: boolean): Promise<readonly PreviewedEntry[]> {
    const limit = selection.kind === 'ids' ? selection.ids.length : Math.min(selection.limit, MAX_ENTRIES);
    const candidates =
      selection.kind === 'ids'
        ? new IdReplaySource(this.deadLetters, selection.ids, 0)
        : new FilterReplaySource(this.deadLetters, selection.filter, null);
    const previewed: PreviewedEntry[] = [];
    while (previewed.length < limit) {
      const candidate = await candidates.next();
      if (candidate === null) break;
      candidates.stayed();
      if (!candidate.selected) continue;
      const { id, entry } = candidate;
      const ids = { id, messageId: entry?.messageId ?? null, modelId: entry?.modelId ?? null };
      const obstacle = entry === null ? 'gone' : await this.replayability.check(entry, force);
      previewed.push({ ...ids, result: obstacle ?? 'would_replay' });
    }
    return previewed;
  }
}

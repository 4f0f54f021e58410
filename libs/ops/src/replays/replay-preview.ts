import { Injectable } from '@nestjs/common';
import { DeadLetters, type ReplayedEntry, type ReplaySelection } from '#core';
import { ChosenEntries } from './chosen-entries.js';
import { OldestEntries } from './oldest-entries.js';
import { Replayability } from './replayability.js';

/** Entries that one preview shows: the client waits for it. */
const MOST_ENTRIES = 1_000;

type PreviewedEntry = Pick<ReplayedEntry, 'id' | 'messageId' | 'modelId'> & { readonly result: string };

/** Says what a replay would do, and changes nothing. */
@Injectable()
export class ReplayPreview {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly replayability: Replayability,
  ) {}

  /** The first thousand entries of the selection, at most. */
  async of(selection: ReplaySelection, force: boolean): Promise<readonly PreviewedEntry[]> {
    const limit = selection.kind === 'ids' ? selection.ids.length : Math.min(selection.limit, MOST_ENTRIES);
    const candidates =
      selection.kind === 'ids'
        ? new ChosenEntries(this.deadLetters, selection.ids, 0)
        : new OldestEntries(this.deadLetters, selection.filter, null);
    const previewed: PreviewedEntry[] = [];
    while (previewed.length < limit) {
      const candidate = await candidates.next();
      if (candidate === null) break;
      candidates.stayed();
      if (!candidate.selected) continue;
      const { id, entry } = candidate;
      const ids = { id, messageId: entry?.messageId ?? null, modelId: entry?.modelId ?? null };
      const obstacle = entry === null ? 'gone' : await this.replayability.obstacleOf(entry, force);
      previewed.push({ ...ids, result: obstacle ?? 'would_replay' });
    }
    return previewed;
  }
}

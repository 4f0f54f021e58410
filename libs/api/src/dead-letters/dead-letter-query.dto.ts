import type { DeadLetterFilter } from '#core';
import { OptionalInstant, OptionalText } from '../common/fields.decorator.js';
import { PageCursor, PageLimit, USUAL_LIMIT } from '../common/page-query.dto.js';

/** Which dead letters; all of them when empty. */
export class DeadLetterFilterDto {
  @OptionalText(100, 'only entries with this reason')
  reason?: string;

  @OptionalText(1_000, 'only entries of this model')
  model_id?: string;

  @OptionalInstant('only entries that failed earlier')
  failed_before?: string;

  @OptionalInstant('only entries that failed then or later')
  failed_after?: string;
}

/** One page of those that fit. */
export class DeadLetterQuery extends DeadLetterFilterDto {
  @PageLimit()
  limit = USUAL_LIMIT;

  @PageCursor()
  cursor?: string;
}

export function filterOf({ reason, model_id, failed_before, failed_after }: DeadLetterFilterDto): DeadLetterFilter {
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(model_id === undefined ? {} : { modelId: model_id }),
    ...(failed_before === undefined ? {} : { failedBefore: toUnixMs(failed_before) }),
    ...(failed_after === undefined ? {} : { failedAfter: toUnixMs(failed_after) }),
  };
}

/** Unix milliseconds. A time without offset is UTC, as in the entries themselves; JavaScript would take it for local. */
function toUnixMs(iso: string): number {
  return Date.parse(/T[\d:.]+$/.test(iso) ? `${iso}Z` : iso);
}

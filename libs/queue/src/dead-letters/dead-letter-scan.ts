import { unwrapReply } from '#redis';
import type { Redis } from 'ioredis';
import { positionAfter, markOf, OLDEST, type CursorPosition } from './dead-letter-cursor.js';

/** First chunk size; the list may hold a million entries. */
const CHUNK = 100;
/** Chunks grow, because round trips dominate a long scan. */
const MAX_CHUNK = 800;
/** Maximum distance when searching for a shifted position. */
const LOOK_BACK = 5_000;

/** Consecutive entries, oldest first, and the position of the first. */
interface Chunk {
  readonly place: CursorPosition;
  readonly elements: readonly Buffer[];
}

/** Scans the dead-letter list in chunks, oldest first, during concurrent changes. */
export class DeadLetterScan {
  constructor(
    private readonly redis: Redis,
    private readonly key: string,
  ) {}

  /** Never skips a remaining entry; may yield an entry twice. */
  async *from(start: CursorPosition): AsyncGenerator<Chunk> {
    let place = start;
    for (let count = CHUNK; ; count = Math.min(2 * count, MAX_CHUNK)) {
      const chunk = await this.chunkAt(place, count);
      if (chunk.elements.length === 0) return;
      yield chunk;
      place = positionAfter(chunk.place, chunk.elements);
    }
  }

  /** Reads at most `count` entries up to `offset`, oldest first. */
  async before(offset: number, count: number): Promise<readonly Buffer[]> {
    const begin = Math.max(0, offset + 1 - count);
    return await this.read(begin, offset + 1 - begin);
  }

  // Reads one extra entry: if the last passed entry is missing, the position has shifted.
  private async chunkAt(place: CursorPosition, count: number): Promise<Chunk> {
    const mark = place.marks.at(-1);
    if (mark === undefined) return { place, elements: await this.read(place.offset, count) };
    const [last, ...elements] = await this.read(place.offset - 1, count + 1);
    if (last !== undefined && markOf(last) === mark) return { place, elements };
    return await this.chunkAt(await this.find(place), count);
  }

  /** Returns the position behind the newest remaining passed entry; the oldest end without one. */
  private async find(lost: CursorPosition): Promise<CursorPosition> {
    const marks = new Set(lost.marks);
    for (let end = lost.offset; end > Math.max(0, lost.offset - LOOK_BACK); end -= CHUNK) {
      const begin = Math.max(0, end - CHUNK);
      const elements = await this.read(begin, end - begin);
      const index = elements.findLastIndex((element) => marks.has(markOf(element)));
      const found = elements[index];
      if (found !== undefined) return { offset: begin + index + 1, marks: [markOf(found)] };
    }
    return OLDEST;
  }

  /** Oldest first; the list grows at its left end. */
  private async read(offset: number, count: number): Promise<Buffer[]> {
    const elements = await unwrapReply(this.redis.lrangeBuffer(this.key, -(offset + count), -(offset + 1)));
    return elements.toReversed();
  }
}

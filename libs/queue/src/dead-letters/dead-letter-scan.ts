import { replyOf } from '#redis';
import type { Redis } from 'ioredis';
import { positionAfter, markOf, OLDEST, type CursorPosition } from './dead-letter-cursor.js';

/** Entries read at a time: never the whole list, of which there may be a million. */
const CHUNK = 100;
/** Round trips rule a walk through a long list, so its chunks grow. */
const MAX_CHUNK = 800;
/** How far back a lost place is looked for. */
const LOOK_BACK = 5_000;

/** Neighbours in the dead-letter list, oldest first, and the place of the first. */
interface Chunk {
  readonly place: CursorPosition;
  readonly elements: readonly Buffer[];
}

/** Walks the dead-letter list from the oldest entry to the newest, in chunks, while entries come and go. */
export class DeadLetterScan {
  constructor(
    private readonly redis: Redis,
    private readonly key: string,
  ) {}

  /** An entry may come twice when those around it go meanwhile; one that stays is never skipped. */
  async *from(start: CursorPosition): AsyncGenerator<Chunk> {
    let place = start;
    for (let count = CHUNK; ; count = Math.min(2 * count, MAX_CHUNK)) {
      const chunk = await this.chunkAt(place, count);
      if (chunk.elements.length === 0) return;
      yield chunk;
      place = positionAfter(chunk.place, chunk.elements);
    }
  }

  /** Up to `count` neighbours, the newest of them at `offset`; oldest first. */
  async before(offset: number, count: number): Promise<readonly Buffer[]> {
    const begin = Math.max(0, offset + 1 - count);
    return await this.read(begin, offset + 1 - begin);
  }

  // Reads one entry too many at the old end: the last one passed must still be there, or the place has moved.
  private async chunkAt(place: CursorPosition, count: number): Promise<Chunk> {
    const mark = place.marks.at(-1);
    if (mark === undefined) return { place, elements: await this.read(place.offset, count) };
    const [last, ...elements] = await this.read(place.offset - 1, count + 1);
    if (last !== undefined && markOf(last) === mark) return { place, elements };
    return await this.chunkAt(await this.find(place), count);
  }

  /** The place behind the newest entry that was passed and is still there; the oldest end when none is found. */
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

  /** Oldest first. The list grows at its left end. */
  private async read(offset: number, count: number): Promise<Buffer[]> {
    const elements = await replyOf(this.redis.lrangeBuffer(this.key, -(offset + count), -(offset + 1)));
    return elements.toReversed();
  }
}

import { replyOf } from '#redis';
import type { Redis } from 'ioredis';
import { behind, markOf, OLDEST, type Position } from './dead-letter-position.js';

/** Entries read at a time: never the whole list, of which there may be a million. */
const CHUNK = 100;
/** How far back a lost place is looked for. */
const LOOK_BACK = 5_000;

/** One element of the dead-letter list, and the place behind it. */
export interface Passed {
  readonly element: Buffer;
  readonly next: Position;
}

/** Walks the dead-letter list from the oldest entry to the newest, in chunks, while entries come and go. */
export class DeadLetterWalk {
  constructor(
    private readonly redis: Redis,
    private readonly key: string,
  ) {}

  /** An entry may come twice when those around it go meanwhile; one that stays is never skipped. */
  async *from(start: Position): AsyncGenerator<Passed> {
    let place = start;
    for (;;) {
      const { position, elements } = await this.chunkAt(place);
      if (elements.length === 0) return;
      place = position;
      for (const element of elements) {
        place = behind(place, element);
        yield { element, next: place };
      }
    }
  }

  // Reads one entry too many at the old end: the last one passed must still be there, or the place has moved.
  private async chunkAt(place: Position): Promise<{ position: Position; elements: readonly Buffer[] }> {
    const mark = place.marks.at(-1);
    if (mark === undefined) return { position: place, elements: await this.read(place.offset, CHUNK) };
    const [last, ...elements] = await this.read(place.offset - 1, CHUNK + 1);
    if (last !== undefined && markOf(last) === mark) return { position: place, elements };
    return await this.chunkAt(await this.find(place));
  }

  /** The place behind the newest entry that was passed and is still there; the oldest end when none is found. */
  private async find(lost: Position): Promise<Position> {
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

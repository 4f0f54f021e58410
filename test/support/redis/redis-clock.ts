import { execFile } from 'node:child_process';
import { constants, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SOURCE = 'test/support/redis/stepping-clock.c';

/** The wall clock of a Redis, which a test steps through a preloaded library. The monotonic clock never steps. */
export class RedisClock {
  private constructor(
    private readonly folder: string,
    /** For the Redis. */
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Null where there is no C compiler. libfaketime is no help: it does not work with the allocator of Debian's Redis. */
  static async open(): Promise<RedisClock | null> {
    const folder = await mkdtemp(join(tmpdir(), 'redis-clock-'));
    const library = join(folder, 'clock.so');
    const clock = new RedisClock(folder, { LD_PRELOAD: library, CLOCK_OFFSET_FILE: join(folder, 'offset') });
    try {
      await promisify(execFile)('cc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE]);
    } catch {
      await clock.close();
      return null;
    }
    await clock.setOffset(0);
    return clock;
  }

  /** Steps the clock to so many seconds from the true time. */
  async setOffset(seconds: number): Promise<void> {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds));
    // Redis has mapped the file: it must keep its length.
    const file = await open(join(this.folder, 'offset'), constants.O_RDWR | constants.O_CREAT);
    await file.write(bytes, 0, bytes.length, 0);
    await file.close();
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

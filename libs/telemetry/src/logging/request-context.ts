import { AsyncLocalStorage } from 'node:async_hooks';

/** The HTTP request that the present code runs for, through every await. */
export class RequestContext {
  private readonly storage = new AsyncLocalStorage<{ readonly requestId: string }>();

  run<T>(requestId: string, work: () => T): T {
    return this.storage.run({ requestId }, work);
  }

  /** Null outside of any request. */
  get requestId(): string | null {
    return this.storage.getStore()?.requestId ?? null;
  }
}

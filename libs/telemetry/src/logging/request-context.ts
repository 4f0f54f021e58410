import { AsyncLocalStorage } from 'node:async_hooks';

/** Shared by all contexts, because Node visits every storage whenever a promise is made. */
const storage = new AsyncLocalStorage<{ readonly requestId: string }>();

/** The HTTP request that the present code runs for, through every await. */
export class RequestContext {
  run<T>(requestId: string, work: () => T): T {
    return storage.run({ requestId }, work);
  }

  /** Null outside of any request. */
  get requestId(): string | null {
    return storage.getStore()?.requestId ?? null;
  }
}

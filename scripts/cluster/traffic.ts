import { platformMessage } from '../../test/support/fixtures/platform-message.fixture.js';
import type { ProducerClient, TokenDeployedEvent } from '../../test/support/redis/producer-client.js';
import type { FactoryTokenReader } from '../../test/support/chain/factory-token-reader.js';
import { until } from '../../test/support/until.js';

const PAUSE_MS = 100;

/** Messages of the guide's form, and what became of each. */
export class Traffic {
  private readonly models: string[] = [];

  constructor(
    private readonly queue: ProducerClient,
    private readonly chain: FactoryTokenReader,
  ) {}

  get count(): number {
    return this.models.length;
  }

  async push(): Promise<string> {
    const model = `cluster-check-${this.models.length}`;
    await this.queue.push(platformMessage({ model_id: model }));
    this.models.push(model);
    return model;
  }

  /** Ten messages a second for as long as something takes. */
  async during<T>(action: () => Promise<T>): Promise<T> {
    const flow = { on: true };
    const flowing = this.flow(() => flow.on);
    try {
      return await action();
    } finally {
      flow.on = false;
      await flowing;
    }
  }

  /** Waits for the event of each message pushed so far. @throws Error when some do not come */
  async settled(): Promise<readonly TokenDeployedEvent[]> {
    return await until(
      `the events of ${this.count} messages`,
      async () => {
        const events = await this.queue.events();
        const announced = new Set(events.map(({ model_id: model }) => model));
        return this.models.every((model) => announced.has(model)) && (await this.queue.isDrained()) ? events : null;
      },
      { timeoutMs: 180_000, everyMs: 250 },
    );
  }

  /** What breaks the promise of one token and one event for each message, in sentences. */
  async violations(): Promise<readonly string[]> {
    const events = await this.settled();
    const tokens = (await this.chain.deployedModels()).toSorted();
    const announcements = new Set(events.map(({ event_id: id }) => id)).size;
    const { dead } = await this.queue.messageCounts();
    return [
      ...(tokens.join() === this.models.toSorted().join() ? [] : [`${tokens.length} tokens for ${this.count} models`]),
      ...(announcements === this.count ? [] : [`${announcements} different events for ${this.count} models`]),
      ...(dead === 0 ? [] : [`${dead} dead letters`]),
    ];
  }

  private async flow(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      await this.push();
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE_MS);
      });
    }
  }
}

import { randomUUID } from 'node:crypto';
import type { CrashSite } from './crash-site.js';
import { Crew } from './crew.js';
import type { Step } from './crew-contracts.js';
import { Drill, type Place, type Shape } from './drills.js';
import { Orders, requestOf } from './orders.js';
import { wrongIn } from './remains.js';

/** One crew on duty, through one crash after the other. */
export class Watch {
  private readonly orders = new Orders();

  private constructor(
    private readonly crew: Crew,
    private readonly shape: Shape,
  ) {}

  static async open(site: CrashSite, shape: Shape): Promise<Watch> {
    const env = shape.replacing === true ? { REPLACE_AFTER: '0.5' } : {};
    const name = `${shape.name}:${randomUUID()}`.replaceAll(' ', '-');
    return new Watch(await Crew.open(site, name, { ...shape, env }), shape);
  }

  /**
   * Lets a replica die at the place, and the others, or its successor, finish. Returns what is wrong after that.
   *
   * @throws Error when nobody died there, or nobody finished
   */
  async play(place: Place, step: Step): Promise<readonly string[]> {
    const { crew, orders, shape } = this;
    orders.clear();
    await crew.start();
    await new Drill(crew, orders, shape, step).at(place);
    crew.crashAt('nowhere');
    crew.openGates();
    if (crew.idle.length === crew.replicas.length) await crew.start();
    await crew.settled();
    if (shape.governed === true) await this.finish();
    return await wrongIn(crew, orders);
  }

  async end(): Promise<void> {
    await this.crew.stop();
  }

  /** Somebody else does what was left to them. */
  private async finish(): Promise<void> {
    for (const message of this.orders.deployed) await this.crew.contracts.fulfil(requestOf(message));
    await this.crew.concluded();
  }
}

import { randomUUID } from 'node:crypto';
import type { CrashSite } from './crash-site.js';
import { Crew } from './crew.js';
import { Drill, type Place, type Shape } from './drills.js';
import { Orders } from './orders.js';
import { wrongIn } from './remains.js';

/** One crew on duty, through one crash after the other. */
export class Watch {
  private readonly orders = new Orders();
  private readonly drill: Drill;

  private constructor(
    private readonly crew: Crew,
    shape: Shape,
  ) {
    this.drill = new Drill(crew, this.orders, shape);
  }

  static async open(site: CrashSite, shape: Shape): Promise<Watch> {
    const { name, replicas, replacing } = shape;
    const env = replacing ? { REPLACE_AFTER: '0.5' } : {};
    const crew = await Crew.open(site, `${name}:${randomUUID()}`.replaceAll(' ', '-'), { replicas, env });
    return new Watch(crew, shape);
  }

  /**
   * Lets a replica die at the place, and the others, or its successor, finish. Returns what is wrong after that.
   *
   * @throws Error when nobody died there, or nobody finished
   */
  async play(place: Place): Promise<readonly string[]> {
    const { crew, orders } = this;
    orders.clear();
    await crew.start();
    await this.drill.at(place);
    crew.crashAt('nowhere');
    crew.openGates();
    if (crew.idle.length === crew.replicas.length) await crew.start();
    await crew.settled();
    return await wrongIn(crew, orders);
  }

  async end(): Promise<void> {
    await this.crew.stop();
  }
}

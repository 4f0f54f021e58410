import type { ManagedScene } from './managed-scene.js';
import { Planted } from './planted.js';

/** Ruins what only contracts with a registry of its own have. */
export class PlantedInRegistry extends Planted {
  constructor(private readonly managed: ManagedScene) {
    super(managed);
  }

  /** A job that says that somebody else's token is its own. */
  async foreignToken(): Promise<void> {
    await this.jobOfNothing(await this.managed.foreignToken(this.managed.models.ghost));
  }

  async unregistered(): Promise<void> {
    await this.managed.unregister(this.managed.models.first);
  }

  async registeredOtherwise(): Promise<void> {
    const { first, second } = this.managed.models;
    await this.managed.registerOtherwise(first, await this.managed.tokenOf(second));
  }
}

import type { TokenManagerServiceFixture } from './token-manager-service.fixture.js';
import { InjectedDiscrepancies } from './injected-discrepancies.js';

/** Ruins what only contracts with a registry of its own have. */
export class InjectedRegistryDiscrepancies extends InjectedDiscrepancies {
  constructor(private readonly managed: TokenManagerServiceFixture) {
    super(managed);
  }

  /** A job that claims a foreign token. */
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

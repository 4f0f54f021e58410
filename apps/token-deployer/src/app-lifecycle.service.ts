import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { ChainRunner } from '#chain';
import { ServiceState } from '#core';
import { DeploymentRunner } from '#worker';

/** The order in which things start and end. */
@Injectable()
export class AppLifecycleService implements BeforeApplicationShutdown {
  constructor(
    private readonly chain: ChainRunner,
    private readonly deployment: DeploymentRunner,
    private readonly state: ServiceState,
  ) {}

  /** @throws StartupError */
  async start(): Promise<void> {
    await this.chain.start();
    this.deployment.start();
    this.state.markReady();
  }

  /** Probes and metrics are still served meanwhile. */
  async beforeApplicationShutdown(): Promise<void> {
    this.state.markDraining();
    await this.deployment.stopClaiming();
    await this.chain.stop();
    await this.deployment.stop();
  }
}

import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { ChainRunner } from '#chain';
import { ServiceState } from '#core';
import { DeploymentWorkers } from '#worker';

/** Starts and stops the components in order. */
@Injectable()
export class AppLifecycleService implements BeforeApplicationShutdown {
  constructor(
    private readonly chain: ChainRunner,
    private readonly deployment: DeploymentWorkers,
    private readonly state: ServiceState,
  ) {}

  /** @throws StartupError */
  async start(): Promise<void> {
    await this.chain.start();
    this.deployment.start();
    this.state.markReady();
  }

  /** Probes and metrics stay available during shutdown. */
  async beforeApplicationShutdown(): Promise<void> {
    this.state.markDraining();
    await this.deployment.stopClaiming();
    await this.chain.stop();
    await this.deployment.stop();
  }
}

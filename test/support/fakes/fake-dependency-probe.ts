import { DependencyProbe, type ProbeResult } from '#core';

/** Says what the test wants of a dependency, and counts how often it is asked. */
export class FakeDependencyProbe extends DependencyProbe {
  checks = 0;
  answer: () => ProbeResult | Promise<ProbeResult> = () => ({ status: 'up', detail: null });

  constructor(
    override readonly name: string,
    override readonly required: boolean,
  ) {
    super();
  }

  override async check(): Promise<ProbeResult> {
    this.checks += 1;
    return await this.answer();
  }
}

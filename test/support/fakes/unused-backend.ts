import { type DeploymentJob, TokenBackend } from '#core';

/** A backend whose methods all throw, except those that a test overrides. */
export class UnusedBackend extends TokenBackend {
  override checkAtStartup(_signers: readonly string[]): Promise<void> {
    throw new Error('not faked');
  }
  override selection(): never {
    throw new Error('not faked');
  }
  override prepare(): never {
    throw new Error('not faked');
  }
  override readResults(): never {
    throw new Error('not faked');
  }
  override adopt(_jobs: readonly DeploymentJob[], _finalBlock: number): ReturnType<TokenBackend['adopt']> {
    throw new Error('not faked');
  }
}

import { Injectable } from '@nestjs/common';
import { SignerConfig } from '#config';
import { SignerAccounts, StartupError } from '#core';
import { openSigner, PolicySigner, SignerMismatchError, SigningPolicy } from '#signing';
import { LaneSigner } from '../lanes/transactions/lane-signer.js';

/** Opens the configured signers. Holds no key that can be read (S1). */
@Injectable()
export class ConfiguredSigners extends SignerAccounts {
  private opened: readonly LaneSigner[] | null = null;

  constructor(
    private readonly config: SignerConfig,
    private readonly policy: SigningPolicy,
  ) {
    super();
  }

  /** Empty until the signers are open. */
  override get addresses(): readonly string[] {
    return (this.opened ?? []).map(({ address }) => address);
  }

  /**
   * Opens the signers once, and verifies the address of each by a signature.
   *
   * @throws StartupError when a signer cannot be used as it is configured, or has another address
   * @throws HoldError `signer_unavailable`
   */
  async open(): Promise<readonly LaneSigner[]> {
    this.opened ??= await Promise.all(this.config.sources.map((source) => this.openVerified(source)));
    return this.opened;
  }

  private async openVerified(source: SignerConfig['sources'][number]): Promise<LaneSigner> {
    const { signerTimeoutMs } = this.config;
    const signer = new PolicySigner(await openSigner(source, signerTimeoutMs), this.policy, signerTimeoutMs);
    try {
      await signer.verifyKey();
    } catch (error) {
      if (error instanceof Error && error.cause instanceof SignerMismatchError) throw new StartupError(error.message);
      throw error;
    }
    return new LaneSigner(signer);
  }
}

import { Injectable } from '@nestjs/common';
import { getAddress } from 'ethers';
import { SignerConfig, type SignerSource } from '#config';
import { errorKind, HoldError, HoldRegistry, SignerAccounts, StartupError } from '#core';
import { digestFiles, keyFilesOf, openSigners, PolicySigner, SignerMismatchError, SigningPolicy } from '#signing';
import { LaneSigner } from '../lanes/transactions/lane-signer.js';
import { asHold } from '../rpc/rpc.errors.js';

/** The signers of a source. */
export interface OpenedSigners {
  /** Of the files that the keys were read from. */
  readonly digest: string | null;
  readonly signers: readonly LaneSigner[];
}

/** Opens the configured signers, and knows which are in use. Holds no key that can be read (S1). */
@Injectable()
export class ConfiguredSigners extends SignerAccounts {
  readonly sources: readonly SignerSource[];
  private readonly used = new Map<SignerSource, OpenedSigners>();

  constructor(
    private readonly config: SignerConfig,
    private readonly policy: SigningPolicy,
    private readonly holds: HoldRegistry,
  ) {
    super();
    this.sources = config.sources;
  }

  get signers(): readonly LaneSigner[] {
    return this.sources.flatMap((source) => this.signersOf(source));
  }

  override get addresses(): readonly string[] {
    return this.signers.map(({ address }) => address);
  }

  /** Empty while the source is not open. */
  signersOf(source: SignerSource): readonly LaneSigner[] {
    return this.used.get(source)?.signers ?? [];
  }

  /**
   * Opens and uses the sources that are not open yet. A hold names each signer that is unavailable.
   *
   * @throws StartupError when a signer cannot be used as it is configured, or has another address
   * @throws HoldError `signer_unavailable` when no signer is available
   */
  async openAll(): Promise<void> {
    const closed = this.sources.filter((source) => !this.used.has(source));
    const failures = await Promise.all(closed.map((source) => this.openOrHold(source)));
    if (this.used.size > 0) return;
    for (const failure of failures) if (failure !== null) throw failure;
  }

  /**
   * Opens a source, and verifies each address by a signature. Returns what is in use when its files did not change.
   *
   * @throws StartupError when a signer cannot be used as it is configured, or has another address
   * @throws HoldError `signer_unavailable`
   */
  async open(source: SignerSource): Promise<OpenedSigners> {
    const { signerTimeoutMs } = this.config;
    const digest = await digestFiles(keyFilesOf(source));
    const used = this.used.get(source);
    if (used?.digest === digest) return used;
    const opened = await openSigners(source, signerTimeoutMs);
    const signers = opened.map((signer) => new PolicySigner(signer, this.policy, signerTimeoutMs));
    await Promise.all(signers.map((signer) => verifyKey(signer)));
    return { digest, signers: signers.map((signer) => new LaneSigner(signer)) };
  }

  /** Uses signers of a source in place of its previous ones, which are dropped. Clears the hold of the source. */
  use(source: SignerSource, opened: OpenedSigners): void {
    this.used.set(source, opened);
    this.holds.withdraw(holdSource(source));
  }

  /** Shows why the keys of a source cannot be used. Holds no other lane. Returns the words of the hold. */
  hold(source: SignerSource, error: unknown): string {
    const { reason, message } = describe(source, error);
    const detail = this.used.has(source) ? `${message}; the previous key stays in use` : message;
    const address = 'address' in source ? source.address : null;
    this.holds.report(holdSource(source), reason, detail, address === null ? null : getAddress(address));
    return detail;
  }

  private async openOrHold(source: SignerSource): Promise<HoldError | null> {
    try {
      this.use(source, await this.open(source));
      return null;
    } catch (error) {
      if (!(error instanceof HoldError)) throw error;
      this.hold(source, error);
      return error;
    }
  }
}

async function verifyKey(signer: PolicySigner): Promise<void> {
  try {
    await signer.verifyKey();
  } catch (error) {
    if (error instanceof Error && error.cause instanceof SignerMismatchError) throw new StartupError(error.message);
    throw error;
  }
}

function holdSource({ name }: SignerSource): string {
  return `signer ${name}`;
}

/** The message of an unknown error may hold a secret. */
function describe({ name }: SignerSource, error: unknown): Pick<HoldError, 'reason' | 'message'> {
  const held = asHold(error);
  if (held instanceof HoldError) return held;
  const words = error instanceof StartupError ? error.message : `${name}: ${errorKind(error)}`;
  return { reason: 'signer_unavailable', message: words };
}

import type { TokenManagerConfig } from '#config';
import { decodeRegistryOwner, encodeRegistryOwner } from '#contracts';
import type { ChainReader } from '../../rpc/chain-reader.js';

/** Who may register models: one account, which may be one of ours. It can change while the service runs. */
export class RegistryOwner {
  private signers: readonly string[] = [];
  private lastOwner: string | null = null;

  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {}

  /** The owner, as far as is known, when it is one of our signers. */
  get ownSigner(): string | null {
    return this.lastOwner !== null && this.signers.includes(this.lastOwner) ? this.lastOwner : null;
  }

  /** @param signers EIP-55 addresses of ours */
  setSigners(signers: readonly string[]): void {
    this.signers = signers;
  }

  /** Asks the registry. EIP-55. @throws RpcError where the registry has no owner; RpcUnavailableError */
  async fetch(): Promise<string> {
    const request = { to: this.config.registryAddress, data: encodeRegistryOwner() };
    this.lastOwner = await this.reader.view(request, decodeRegistryOwner);
    return this.lastOwner;
  }

  isOwnSigner(address: string): boolean {
    return this.signers.includes(address);
  }
}

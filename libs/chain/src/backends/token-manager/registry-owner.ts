import type { TokenManagerConfig } from '#config';
import { decodeRegistryOwner, encodeRegistryOwner } from '#contracts';
import type { ChainReader } from '../../rpc/chain-reader.js';

/** The one account that may register models. It can be a configured signer, and can change at run time. */
export class RegistryOwner {
  private signers: readonly string[] = [];
  private lastOwner: string | null = null;

  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {}

  /** The last known owner if it is a configured signer, else null. */
  get ownSigner(): string | null {
    return this.lastOwner !== null && this.signers.includes(this.lastOwner) ? this.lastOwner : null;
  }

  /** @param signers EIP-55 addresses of the signers in use */
  setSigners(signers: readonly string[]): void {
    this.signers = signers;
  }

  /** Reads the owner, EIP-55. @throws RpcError when the contract reverts; RpcUnavailableError */
  async fetch(): Promise<string> {
    const request = { to: this.config.registryAddress, data: encodeRegistryOwner() };
    this.lastOwner = await this.reader.view(request, decodeRegistryOwner);
    return this.lastOwner;
  }

  isOwnSigner(address: string): boolean {
    return this.signers.includes(address);
  }
}

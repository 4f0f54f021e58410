import type { TokenManagerConfig } from '#config';
import { decodeRegistryOwner, encodeRegistryOwner } from '#contracts';
import type { ChainReader } from '../rpc/chain-reader.js';

/** Who may register models: one account, which may be one of ours. It can change while the service runs. */
export class RegistryOwner {
  private signers: readonly string[] = [];
  private newest: string | null = null;

  constructor(
    private readonly reader: ChainReader,
    private readonly config: TokenManagerConfig,
  ) {}

  /** The owner, as far as is known, when it is one of our signers. */
  get amongUs(): string | null {
    return this.newest !== null && this.signers.includes(this.newest) ? this.newest : null;
  }

  /** @param signers EIP-55 addresses of ours */
  introduce(signers: readonly string[]): void {
    this.signers = signers;
  }

  /** Asks the registry. EIP-55. @throws RpcError where the registry has no owner; RpcUnavailable */
  async ask(): Promise<string> {
    const answer = await this.reader.call({ to: this.config.registryAddress, data: encodeRegistryOwner() });
    this.newest = decodeRegistryOwner(answer);
    return this.newest;
  }

  isOurs(address: string): boolean {
    return this.signers.includes(address);
  }
}

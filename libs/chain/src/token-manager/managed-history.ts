import type { TokenManagerConfig } from '#config';
import { isRegistration, decodeManagedDeployment } from '#contracts';
import { UntoldHistory } from '../history/token-history.js';

/** The contracts do not keep what a job is made of; who uses our keys can still be told. */
export class ManagedHistory extends UntoldHistory {
  constructor(private readonly config: TokenManagerConfig) {
    super();
  }

  override isOurs(to: string | null, data: string): boolean {
    const { managerAddress, registryAddress } = this.config;
    if (isSame(to, managerAddress)) return decodeManagedDeployment(data) !== null;
    return isSame(to, registryAddress) && isRegistration(data);
  }
}

function isSame(to: string | null, address: string): boolean {
  return to?.toLowerCase() === address.toLowerCase();
}

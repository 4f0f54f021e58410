import { Injectable } from '@nestjs/common';
import { computeAddress } from 'ethers';
import { SignerConfig } from '#config';
import { DeployingAccounts } from '#core';

/** The accounts of the configured keys. Keeps addresses only, never a key (S1). */
@Injectable()
export class SigningAccounts extends DeployingAccounts {
  readonly addresses: readonly string[];

  constructor(config: SignerConfig) {
    super();
    this.addresses = config.privateKeys.map((key) => computeAddress(key));
  }
}

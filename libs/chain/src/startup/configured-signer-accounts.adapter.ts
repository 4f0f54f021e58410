import { Injectable } from '@nestjs/common';
import { computeAddress } from 'ethers';
import { SignerConfig } from '#config';
import { SignerAccounts } from '#core';

/** The accounts of the configured keys. Keeps addresses only, never a key (S1). */
@Injectable()
export class ConfiguredSignerAccounts extends SignerAccounts {
  readonly addresses: readonly string[];

  constructor(config: SignerConfig) {
    super();
    this.addresses = config.privateKeys.map((key) => computeAddress(key));
  }
}

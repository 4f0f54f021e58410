import { Injectable } from '@nestjs/common';
import { SignerConfig } from '#config';
import { SignerAccounts } from '#core';
import { addressOfKey } from '#signing';

/** Addresses of the configured deployer keys. Holds no key (S1). */
@Injectable()
export class ConfiguredSignerAccounts extends SignerAccounts {
  readonly addresses: readonly string[];

  constructor(config: SignerConfig) {
    super();
    this.addresses = config.privateKeys.map((key) => addressOfKey(key));
  }
}

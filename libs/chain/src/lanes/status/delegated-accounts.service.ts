import { Injectable, Logger } from '@nestjs/common';

/** The signer accounts that have code (EIP-7702). A node keeps one transaction in flight for such an account. */
@Injectable()
export class DelegatedAccounts {
  private readonly logger = new Logger(DelegatedAccounts.name);
  private readonly accounts = new Set<string>();

  has(account: string): boolean {
    return this.accounts.has(account);
  }

  /** Human-readable. */
  get details(): readonly string[] {
    return [...this.accounts].map((account) => `${account} has code (EIP-7702): one transaction in flight`);
  }

  /** Forgets an account that no longer sends. */
  remove(account: string): void {
    this.accounts.delete(account);
  }

  /** @param code what the chain has at the address of the account */
  update(account: string, code: string): void {
    if ((code !== '0x') === this.accounts.has(account)) return;
    if (code === '0x') this.accounts.delete(account);
    else this.accounts.add(account);
    this.logger.warn({
      event: 'account.code_changed',
      message: 'code of a signer account changed',
      account,
      delegated: this.accounts.has(account),
    });
  }
}

import { verifyLedger, type VerificationReport, type VerificationScope } from '#reconciliation';
import type { Environment } from '#config';
import { RedisLedgerStateReader } from '#ledger';
import { withCliContext } from '../cli-context.js';

/** Strictness of the verification, see `VerificationScope`. Flags default to false. */
export type VerifyLedgerOptions = Partial<Pick<VerificationScope, 'quiescent' | 'eventsKept' | 'distinctMessages'>> & {
  /** Delay between the two passes in milliseconds. */
  readonly settlingMs?: number;
};

/**
 * Verifies the ledger against Redis and chain, for `npm run ledger:verify` and tests. Writes nothing and needs no
 * private key.
 *
 * @param environment the service's environment
 * @throws ConfigValidationError; StartupError; RedisUnavailableError; HoldError when RPC is unavailable
 */
export async function runVerifyLedger(
  environment: Environment,
  options: VerifyLedgerOptions = {},
): Promise<VerificationReport> {
  return await withCliContext(environment, async ({ connections, ledger, chain, modelIdSource, signers }) => {
    const scope: VerificationScope = {
      ledger: new RedisLedgerStateReader(connections, ledger),
      chain,
      chainId: ledger.chainId,
      contract: ledger.contract,
      modelIdSource,
      signers,
      quiescent: options.quiescent ?? false,
      eventsKept: options.eventsKept ?? false,
      distinctMessages: options.distinctMessages ?? false,
    };
    return await verifyLedger(scope, options.settlingMs);
  });
}

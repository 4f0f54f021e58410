import { auditInvariants, type AuditReport, type AuditScope } from '#reconciliation';
import type { Environment } from '#config';
import { RedisLedgerStateReader } from '#ledger';
import { withCliContext } from '../cli-context.js';

/** How strictly to audit; every flag is false without. See `VerificationScope`. */
export type VerifyLedgerOptions = Partial<Pick<AuditScope, 'quiescent' | 'eventsKept' | 'distinctMessages'>> & {
  /** Milliseconds between the two looks at a service that is at work. */
  readonly settlingMs?: number;
};

/**
 * The invariants of one deployer, checked against its Redis and its chain: for the command `audit`, and as the last check
 * of tests. Reads only; a private key is not needed.
 *
 * @param environment what the service was configured with
 * @throws ConfigValidationError; StartupError; RedisUnavailableError or HoldError when one of the two cannot be read
 */
export async function runVerifyLedger(
  environment: Environment,
  options: VerifyLedgerOptions = {},
): Promise<AuditReport> {
  return await withCliContext(environment, async ({ connections, ledger, chain, signers }) => {
    const scope: AuditScope = {
      ledger: new RedisLedgerStateReader(connections, ledger),
      chain,
      chainId: ledger.chainId,
      contract: ledger.contract,
      signers,
      quiescent: options.quiescent ?? false,
      eventsKept: options.eventsKept ?? false,
      distinctMessages: options.distinctMessages ?? false,
    };
    return await auditInvariants(scope, options.settlingMs);
  });
}

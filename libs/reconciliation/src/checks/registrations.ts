import type { ChainRegistration } from '#core';
import type { VerificationPass } from '../verification-scope.js';
import { isDeployed, type DeployedJob } from '../deployed-job.js';

/** Checks that every final registration matches its job. */
export async function checkRegistrations(look: VerificationPass): Promise<void> {
  for await (const page of look.chain.registrations(look.head.final)) {
    const jobs = await look.ledger.find(page.map(({ modelId }) => modelId));
    for (const [index, registration] of page.entries()) {
      const job = jobs[index]?.job ?? null;
      if (isDeployed(job)) compare(look, registration, job);
    }
  }
}

function compare(
  { findings, quiescent }: VerificationPass,
  registration: ChainRegistration,
  { state, token }: DeployedJob,
): void {
  const { modelId, tokenAddress, transactionHash } = registration;
  const subject = `model ${modelId}`;
  if (token?.tokenAddress !== tokenAddress) {
    findings.add('registered-otherwise', subject, `registry: ${tokenAddress}; job: ${token?.tokenAddress ?? 'none'}`);
  } else if (state === 'deployed_unregistered') {
    if (quiescent) findings.add('registration-not-settled', subject, `registered by ${transactionHash}`);
  } else if (token.registryTransactionHash !== transactionHash) {
    const detail = `job: ${token.registryTransactionHash ?? 'none'}; chain: ${transactionHash}`;
    findings.add('registration-differs', subject, detail);
  }
}

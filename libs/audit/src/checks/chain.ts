import { type ChainDeployment, type DeploymentJob, recordFingerprint, type StoredJob } from '#core';
import type { Look } from '../audit-scope.js';

/** From the chain to the ledger: every final token of ours has its job. */
export async function checkChain(look: Look): Promise<void> {
  const isOurs = await ourSigners(look);
  for await (const page of look.chain.deployments(look.head.final)) {
    look.findings.count('tokens', page.length);
    const jobs = await look.ledger.find(page.map(({ modelId }) => modelId));
    for (const [index, deployment] of page.entries()) {
      const stored = jobs[index];
      if (stored) await compare(look, deployment, stored, isOurs(deployment.deployer));
    }
  }
}

async function compare(look: Look, deployment: ChainDeployment, { job }: StoredJob, ours: boolean): Promise<void> {
  const { findings } = look;
  const { modelId, tokenAddress, transactionHash } = deployment;
  const subject = `model ${modelId}`;
  if (!ours) findings.count('foreignTokens');
  if (job === null) {
    if (ours) findings.add('token-without-job', subject, `token ${tokenAddress} of transaction ${transactionHash}`);
    return;
  }
  if (job.state !== 'deployed') {
    if (look.quiescent && !(await isConflict(look, job)))
      findings.add('token-not-settled', subject, `token ${tokenAddress}, job ${job.state}`);
    return;
  }
  if (job.token?.transactionHash === transactionHash && job.token.tokenAddress === tokenAddress) return;
  const all = await look.chain.deploymentsOf(modelId, look.head.latest);
  const distinct = new Set(all.map((each) => `${each.tokenAddress} by ${each.transactionHash}`));
  if (distinct.size > 1) findings.add('two-tokens', subject, [...distinct].join(', '));
  else {
    const kept = job.token === null ? 'none' : `${job.token.tokenAddress} by ${job.token.transactionHash}`;
    findings.add('token-differs', subject, `job: ${kept}; chain: ${tokenAddress} by ${transactionHash}`);
  }
}

/** Whether the job failed as it had to: the token that there is holds another record. */
async function isConflict(look: Look, { state, request: { record } }: DeploymentJob): Promise<boolean> {
  if (state !== 'failed') return false;
  const [token] = await look.chain.tokens([record.modelId]);
  return token ? recordFingerprint(token.record) !== recordFingerprint(record) : false;
}

/** Without a known signer every token counts as ours: an empty ledger must not pass for a right one. */
async function ourSigners(look: Look): Promise<(address: string) => boolean> {
  const lanes = await look.ledger.lanes();
  const known = new Set([...look.signers, ...lanes.map(({ address }) => address)].map((each) => each.toLowerCase()));
  return (address) => known.size === 0 || known.has(address.toLowerCase());
}

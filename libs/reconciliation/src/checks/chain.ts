import type { ChainDeployment, DeploymentJob } from '#core';
import type { VerificationPass } from '../verification-scope.js';
import { hasRecordOf, isDeployed } from '../deployed-job.js';

/** Checks that every own final token has its job. */
export async function checkChain(look: VerificationPass): Promise<void> {
  const isOurs = await ourAccounts(look);
  for await (const page of look.chain.deployments(look.head.final)) {
    look.findings.count('tokens', page.length);
    const stored = await look.ledger.find(page.flatMap(({ modelId }) => (modelId === null ? [] : [modelId])));
    const jobs = new Map(stored.map(({ modelId, job }) => [modelId, job]));
    for (const deployment of page) {
      const job = jobs.get(deployment.modelId ?? '') ?? null;
      await compare(look, deployment, job, isOurs(deployment.deployer));
    }
  }
}

async function compare(
  look: VerificationPass,
  made: ChainDeployment,
  job: DeploymentJob | null,
  ours: boolean,
): Promise<void> {
  const { findings } = look;
  const { modelId, tokenAddress, transactionHash, deployer } = made;
  const subject = modelId === null ? `token ${tokenAddress}` : `model ${modelId}`;
  if (!ours) findings.count('foreignTokens');
  if (modelId === null || job === null) {
    if (ours) findings.add('token-without-job', subject, `token ${tokenAddress} of transaction ${transactionHash}`);
    return;
  }
  const mayBeItsOwn = ours || look.chain.keepsRecords;
  if (!isDeployed(job)) {
    if (look.quiescent && mayBeItsOwn && !(await isConflict(look, modelId, job)))
      findings.add('token-not-settled', subject, `token ${tokenAddress}, job ${job.state}`);
    return;
  }
  if (job.token?.transactionHash !== transactionHash || job.token.tokenAddress !== tokenAddress) {
    return await differ(look, modelId, job, made);
  }
  if (!mayBeItsOwn) findings.add('token-foreign', subject, `token ${tokenAddress} by ${deployer}`);
}

async function differ(
  look: VerificationPass,
  modelId: string,
  { token }: DeploymentJob,
  made: ChainDeployment,
): Promise<void> {
  const subject = `model ${modelId}`;
  const all = await look.chain.deploymentsOf(modelId, look.head.latest);
  const distinct = new Set(all.map((each) => `${each.tokenAddress} by ${each.transactionHash}`));
  if (distinct.size > 1) return look.findings.add('two-tokens', subject, [...distinct].join(', '));
  const kept = token === null ? 'none' : `${token.tokenAddress} by ${token.transactionHash}`;
  const found = `${made.tokenAddress} by ${made.transactionHash}`;
  look.findings.add('token-differs', subject, `job: ${kept}; chain: ${found}`);
}

/**
 * True when the job failed correctly, because the model has another token. Job fields replace those that the contracts
 * do not store.
 */
async function isConflict({ chain }: VerificationPass, modelId: string, job: DeploymentJob): Promise<boolean> {
  if (job.state !== 'failed') return false;
  if (!chain.keepsRecords && job.failure?.reason === 'conflict') return true;
  const [token] = await chain.tokens([modelId]);
  return token ? !hasRecordOf(token, job) : false;
}

/** Without a known account every token counts as own, so that an empty ledger is reported. */
async function ourAccounts({ ledger, chain, signers }: VerificationPass): Promise<(address: string) => boolean> {
  const lanes = await ledger.lanes();
  const accounts = [...signers, ...chain.formerDeployers, ...lanes.map(({ address }) => address)];
  const known = new Set(accounts.map((each) => each.toLowerCase()));
  return (address) => known.size === 0 || known.has(address.toLowerCase());
}

// Deploys the contracts to one chain and grants the deployers their role. Does nothing that is done already.
import 'reflect-metadata';
import { ChainConfig, type Environment, readSettings, SignerConfig } from '#config';
import { checksumAddress, type DeployedFactory, deployFactory, signerOf } from '#contracts';
import { nodeRequest } from './node-request.js';

/** The last line of the output of `--json`. */
interface Report {
  readonly chainId: number;
  readonly factory: string;
  readonly implementation: string;
  readonly admin: string;
  /** Null when the factory was there before and the node does not serve logs that old. */
  readonly deployedAtBlock: number | null;
  readonly deployers: readonly string[];
}

try {
  const { report, factory } = await deployContracts(process.env);
  for (const line of summary(report, factory)) console.log(line);
  if (process.argv.includes('--json')) console.log(JSON.stringify(report));
} catch (error) {
  console.error(error instanceof Error ? error.message : 'the contracts could not be deployed');
  process.exitCode = 1;
}

async function deployContracts(environment: Environment): Promise<{ report: Report; factory: DeployedFactory }> {
  const settings = readSettings(environment, [ChainConfig, SignerConfig]);
  const { rpcUrls, chainId } = settings.get(ChainConfig);
  const signers = settings.get(SignerConfig).privateKeys.map(signerOf);
  const [url] = rpcUrls;
  const [signer] = signers;
  if (url === undefined || signer === undefined)
    throw new Error('WEB3_PROVIDER_URL and DEPLOYER_PRIVATE_KEY are required');
  const request = nodeRequest(url);
  requireChain(chainId, await request('eth_chainId', []));
  const admin = adminOf(environment['FACTORY_ADMIN'], signer.address);
  const deployers = signers.map(({ address }) => address);
  const grants = deployers.map((account) => ({ role: 'DEPLOYER_ROLE', account }) as const);
  const factory = await deployFactory({ request, signer, admin, grants });
  const { factoryAddress, implementationAddress, deployedAtBlock } = factory;
  const report = {
    chainId,
    factory: factoryAddress,
    implementation: implementationAddress,
    admin,
    deployedAtBlock,
    deployers,
  };
  return { report, factory };
}

function requireChain(expected: number, answer: unknown): void {
  if (Number(answer) !== expected)
    throw new Error(`CHAIN_ID is ${expected}, but the node serves chain ${Number(answer)}`);
}

function adminOf(text: string | undefined, signer: string): string {
  if (text === undefined || text === '') return signer;
  const admin = checksumAddress(text);
  if (admin === null)
    throw new Error('FACTORY_ADMIN must be an address: 0x and 40 hexadecimal digits, with the right checksum');
  return admin;
}

function summary(report: Report, { actions, missingGrants }: DeployedFactory): string[] {
  return [
    ...(actions.length + missingGrants.length === 0 ? ['nothing to do: factory and roles are in place'] : actions),
    `factory ${report.factory} on chain ${report.chainId}, admin ${report.admin}`,
    ...missingGrants.map(({ role, account }) => `still missing: ${report.admin} must grant ${role} to ${account}`),
  ];
}

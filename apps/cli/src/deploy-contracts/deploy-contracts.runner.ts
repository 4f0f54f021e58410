import { createEndpoints, createSigningPolicy, findPublishedSigner } from '#chain';
import { ChainConfig, type Environment, isDevelopmentChain, readSettings, SignerConfig } from '#config';
import { checksumAddress, type FactoryDeploymentResult, deployFactory, type JsonRpcRequest } from '#contracts';
import { openAllSigners, PolicySigner } from '#signing';

/** Contract addresses of one chain. Printed as JSON; other programs read the names. */
interface ContractAddresses {
  readonly chainId: number;
  readonly factory: string;
  readonly implementation: string;
  readonly admin: string;
  /** Null when the factory existed and the node lacks the old logs. */
  readonly deployedAtBlock: number | null;
  readonly deployers: readonly string[];
}

interface ContractsDeployment {
  readonly addresses: ContractAddresses;
  readonly factory: FactoryDeploymentResult;
  /** Whether the admin is a contract, such as a multisig. */
  readonly adminHasCode: boolean;
  /** EIP-55 address of a deployer whose private key is public; null without one. */
  readonly publishedKey: string | null;
}

/**
 * Deploys missing contracts from the first deployer, for the admin in FACTORY_ADMIN. On a development chain the first
 * deployer is the default admin. Other chains require it, because an admin can grant itself the right to mint.
 *
 * @param options `withoutProxy`: create the factory in a plain transaction, unless FACTORY_ADDRESS names one
 * @throws Error with a human-readable message, free of secrets
 */
export async function deployContracts(
  environment: Environment,
  { withoutProxy = false }: { readonly withoutProxy?: boolean } = {},
): Promise<ContractsDeployment> {
  const settings = readSettings(environment, [ChainConfig, SignerConfig]);
  const chain = settings.get(ChainConfig);
  const { chainId } = chain;
  const { sources, signerTimeoutMs } = settings.get(SignerConfig);
  const [endpoint] = createEndpoints(chain, chain.rpcTimeoutMs);
  if (endpoint === undefined) throw new Error('WEB3_PROVIDER_URL is required');
  const signers = await openAllSigners(sources, signerTimeoutMs);
  const deployers = signers.map(({ address }) => address);
  const [signer] = signers;
  if (signer === undefined) throw new Error('DEPLOYER_PRIVATE_KEY or DEPLOYER_SIGNERS is required');
  const admin = adminOf(environment['FACTORY_ADMIN'], isDevelopmentChain(chainId) ? signer.address : null);
  const request: JsonRpcRequest = (method, params) => endpoint.call(method, params);
  requireChain(chainId, await request('eth_chainId', []));
  const published = await findPublishedSigner(deployers, chainId, () => clientVersion(request));
  const grants = deployers.map((account) => ({ role: 'DEPLOYER_ROLE', account }) as const);
  const factory = await deployFactory({
    request,
    createSigner: (calls) =>
      new PolicySigner(
        signer,
        createSigningPolicy(chain, calls, { hasShownBaseFee: () => false, caps: () => chain }),
        signerTimeoutMs,
      ),
    admin,
    feeKind: chain.feeStyle,
    grants,
    ...(withoutProxy ? { withoutProxy: { factoryAddress: factoryOf(environment['FACTORY_ADDRESS']) } } : {}),
  });
  const { factoryAddress, implementationAddress, deployedAtBlock } = factory;
  const places = { factory: factoryAddress, implementation: implementationAddress, admin, deployedAtBlock };
  const adminHasCode = (await request('eth_getCode', [admin, 'latest'])) !== '0x';
  const publishedKey = published?.signer ?? null;
  return { addresses: { chainId, ...places, deployers }, factory, adminHasCode, publishedKey };
}

/** Formats the executed actions. */
export function formatSummary({ addresses, factory, adminHasCode, publishedKey }: ContractsDeployment): string[] {
  const { actions, missingGrants } = factory;
  const { admin, chainId } = addresses;
  const nothing = actions.length + missingGrants.length === 0;
  return [
    ...(nothing ? ['nothing to do: factory and roles are in place'] : actions),
    `factory ${addresses.factory} on chain ${chainId}, admin ${admin}`,
    ...missingGrants.map(({ role, account }) => `still missing: ${admin} must grant ${role} to ${account}`),
    ...(publishedKey === null
      ? []
      : [`warning: the private key of ${publishedKey} is published with development nodes`]),
    ...(adminHasCode || isDevelopmentChain(chainId) ? [] : [singleKeyWarning(admin)]),
  ];
}

function singleKeyWarning(admin: string): string {
  return `warning: the admin ${admin} has no code. One key can then grant every role, minting included: use a multisig`;
}

async function clientVersion(request: JsonRpcRequest): Promise<string> {
  const answer = await request('web3_clientVersion', []).catch(() => '');
  return typeof answer === 'string' ? answer : '';
}

function requireChain(expected: number, answer: unknown): void {
  if (Number(answer) === expected) return;
  throw new Error(`CHAIN_ID is ${expected}, but the node serves chain ${Number(answer)}`);
}

function factoryOf(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  const address = checksumAddress(text);
  if (address !== null) return address;
  throw new Error('FACTORY_ADDRESS must be an address, 0x and 40 hexadecimal digits with the right checksum');
}

function adminOf(text: string | undefined, byDefault: string | null): string {
  const admin = text === undefined || text === '' ? byDefault : checksumAddress(text);
  if (admin !== null && BigInt(admin) !== 0n) return admin;
  throw new Error(
    'FACTORY_ADMIN must be an address other than zero, 0x and 40 hexadecimal digits with the right checksum: the admin can grant every role, minting included',
  );
}

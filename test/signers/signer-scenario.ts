import { getAddress, toQuantity } from 'ethers';
import { DEPLOYER_ROLE, factoryInterface } from '#contracts';
import type { SignerSource } from '#config';
import { openSigners, PolicySigner, SigningPolicy, type UnsignedTransaction } from '#signing';
import { ANVIL_ACCOUNTS } from '../support/chain/anvil.js';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { PRODUCTION_ENTRY } from '../support/process/service-process.js';
import { TestStack } from '../support/process/test-stack.js';

export const CHAIN_ID = 31337;
const TO = getAddress(`0x${'42'.repeat(20)}`);

/** A permitted transaction of a nonce. */
export function transactionOf(nonce: number, changes: Partial<UnsignedTransaction> = {}): UnsignedTransaction {
  const fee = { kind: 'eip1559', maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 1n } as const;
  return { chainId: CHAIN_ID, nonce, fee, gasLimit: 100_000n, to: TO, value: 0n, data: '0x12345678', ...changes };
}

/** Opens a signer behind a policy that permits `transactionOf`. */
export async function openPolicySigner(source: SignerSource, timeoutMs = 10_000): Promise<PolicySigner> {
  const policy = new SigningPolicy({
    chainId: CHAIN_ID,
    calls: [
      { to: TO, selector: '0x12345678', maxValue: 0n },
      { to: null, selector: '0x12345678', maxValue: 0n },
    ],
    maxFeePerGas: 10n ** 12n,
    maxPriorityFeePerGas: 10n ** 12n,
    maxTransactionCost: 10n ** 20n,
    minBalance: 0n,
    refusesLegacy: () => false,
  });
  const [signer] = await openSigners(source, timeoutMs);
  if (signer === undefined) throw new Error(`${source.name} has no key`);
  return new PolicySigner(signer, policy, timeoutMs);
}

/**
 * Runs the service with signers in place of a key, and pushes one message.
 *
 * @param address account of the signer, which gets ether and the role
 * @returns the senders of the transactions that deployed tokens, and the number of tokens
 */
export async function deployOneToken(
  address: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly senders: readonly unknown[]; readonly tokens: number }> {
  // The bundle of the tests cannot load further packages.
  const stack = await TestStack.start({ program: PRODUCTION_ENTRY });
  try {
    const { node, service, queue, tokens } = stack;
    await node.request('anvil_setBalance', [address, toQuantity(10n ** 20n)]);
    const data = factoryInterface.encodeFunctionData('grantRole', [DEPLOYER_ROLE, address]);
    const [{ address: from }] = ANVIL_ACCOUNTS;
    await node.request('eth_sendTransaction', [{ from, to: stack.environment['FACTORY_ADDRESS'], data }]);
    await service.start({ DEPLOYER_PRIVATE_KEY: '', ...environment });
    await queue.push(platformMessage({ model_id: 'signed-elsewhere' }));
    await queue.drained();
    const hashes = (await queue.events()).map(({ transaction_hash: hash }) => hash);
    const found = await Promise.all(hashes.map((hash) => node.request('eth_getTransactionByHash', [hash])));
    const senders = found.map((transaction) => getAddress((transaction as { readonly from: string }).from));
    return { senders, tokens: (await tokens.deployedModels()).length };
  } finally {
    await stack.stop();
  }
}

import { Transaction, Wallet } from 'ethers';
import { Anvil, ANVIL_ACCOUNTS } from '../../../test/support/chain/anvil.js';
import { deployContracts } from '../../../test/support/chain/deploy-contracts.js';
import { until } from '../../../test/support/until.js';
import { blockNumber, blocksAfter, type MinedBlock, type MinedTransaction, parseQuantity } from '../chain-reads.js';
import { Disposables } from '../disposables.js';
import { deployerKeys } from '../bench-environment.js';

const GWEI = 1_000_000_000n;
/** Requests under way at a time: more gain nothing. */
const CONCURRENCY = 8;

export interface NodeCeiling {
  readonly seconds: number;
  readonly blocks: readonly MinedBlock[];
}

/** Measures how fast a fresh node executes the same calls when they are signed before and sent without waiting. */
export async function measureNodeCeiling(
  calls: readonly MinedTransaction[],
  anvilArgs: readonly string[],
  keys: number,
): Promise<NodeCeiling> {
  return await Disposables.use(async (closing) => {
    const anvil = await Anvil.start(anvilArgs);
    closing.add(() => anvil.stop());
    await deployContracts(anvil, deployerKeys(keys));
    const signed = await signAll(anvil, calls);
    const first = await blockNumber(anvil);
    const start = performance.now();
    const hashes = await sendAll(anvil, signed);
    await until('the receipts', async () => await areMined(anvil, hashes), { timeoutMs: 600_000, everyMs: 10 });
    const seconds = (performance.now() - start) / 1000;
    return { seconds, blocks: await blocksAfter(anvil, first) };
  });
}

async function signAll(anvil: Anvil, calls: readonly MinedTransaction[]): Promise<readonly string[]> {
  const signers = new Map(
    ANVIL_ACCOUNTS.map(({ address, privateKey }) => [address.toLowerCase(), new Wallet(privateKey)]),
  );
  const nonces = new Map<string, number>();
  const signed: string[] = [];
  for (const { from, to, input, gasLimit } of calls) {
    const signer = signers.get(from);
    if (signer === undefined) throw new Error('a transaction of an unknown account');
    const nonce = nonces.get(from) ?? parseQuantity(await anvil.request('eth_getTransactionCount', [from, 'latest']));
    nonces.set(from, nonce + 1);
    const fees = { maxFeePerGas: 500n * GWEI, maxPriorityFeePerGas: GWEI };
    const transaction = { type: 2, chainId: 31337, nonce, to, data: input, gasLimit, ...fees };
    signed.push(await signer.signTransaction(Transaction.from(transaction)));
  }
  return signed;
}

async function sendAll(anvil: Anvil, signed: readonly string[]): Promise<readonly unknown[]> {
  const hashes: unknown[] = [];
  const waiting = [...signed];
  const sender = async (): Promise<void> => {
    for (let raw = waiting.shift(); raw !== undefined; raw = waiting.shift()) {
      hashes.push(await anvil.request('eth_sendRawTransaction', [raw]));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, sender));
  return hashes;
}

async function areMined(anvil: Anvil, hashes: readonly unknown[]): Promise<boolean> {
  for (const hash of hashes) {
    if ((await anvil.request('eth_getTransactionReceipt', [hash])) === null) return false;
  }
  return true;
}

import type { Anvil } from '../../test/support/chain/anvil.js';

export interface MinedTransaction {
  readonly from: string;
  readonly to: string;
  readonly input: string;
  readonly gasLimit: number;
  readonly gasUsed: number;
}

export interface MinedBlock {
  readonly number: number;
  readonly gasUsed: number;
  readonly gasLimit: number;
  readonly transactions: readonly MinedTransaction[];
}

export async function blockNumber(anvil: Anvil): Promise<number> {
  return parseQuantity(await anvil.request('eth_blockNumber'));
}

/** The blocks after `first` up to the newest. */
export async function blocksAfter(anvil: Anvil, first: number): Promise<readonly MinedBlock[]> {
  const blocks: MinedBlock[] = [];
  for (let number = first + 1; number <= (await blockNumber(anvil)); number += 1) {
    const tag = `0x${number.toString(16)}`;
    const block = await anvil.request('eth_getBlockByNumber', [tag, true]);
    const transactions = asList(getMember(block, 'transactions'));
    const receipts = asList(await anvil.request('eth_getBlockReceipts', [tag]));
    blocks.push({
      number,
      gasUsed: parseQuantity(getMember(block, 'gasUsed')),
      gasLimit: parseQuantity(getMember(block, 'gasLimit')),
      transactions: transactions.map((transaction, index) => transactionOf(transaction, receipts[index])),
    });
  }
  return blocks;
}

function transactionOf(transaction: unknown, receipt: unknown): MinedTransaction {
  const text = (name: string): string => String(getMember(transaction, name)).toLowerCase();
  return {
    from: text('from'),
    to: text('to'),
    input: text('input'),
    gasLimit: parseQuantity(getMember(transaction, 'gas')),
    gasUsed: parseQuantity(getMember(receipt, 'gasUsed')),
  };
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** @throws Error when the node did not answer with a number in hex */
export function parseQuantity(value: unknown): number {
  if (typeof value !== 'string' || !value.startsWith('0x')) throw new Error('the node answered no quantity');
  return Number(value);
}

/** A member of a JSON object; undefined of anything else. */
export function getMember(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}

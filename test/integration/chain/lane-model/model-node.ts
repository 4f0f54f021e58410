import { toQuantity } from 'ethers';
import { MockRpcError, MockRpcNode } from '../../../support/rpc/mock-rpc-node.js';
import { GWEI, type ModelChain } from './model-chain.js';
import { type ModelBlock, type ModelTransaction, readRaw } from './model-transaction.js';

export type SendBehaviour = 'welcome' | 'answer lost' | 'pool full' | 'too cheap';
const RICH_BALANCE = 10n ** 24n;

/** Answers JSON-RPC about a model chain, and misbehaves when it is told to. */
export class ModelNode {
  /** What becomes of a transaction that arrives. */
  sendBehaviour: SendBehaviour = 'welcome';
  /** Blocks that the node is behind the chain. */
  lag = 0;
  receiptsHidden = false;
  /** Sees every transaction on its arrival, before anything else happens to it. */
  onSend: (transaction: ModelTransaction, raw: string) => Promise<void> = async () => undefined;
  /** Everything that ever arrived here, each transaction once, oldest first. */
  readonly arrived: ModelTransaction[] = [];

  private constructor(
    private readonly chain: ModelChain,
    private readonly server: MockRpcNode,
  ) {}

  static async start(chain: ModelChain): Promise<ModelNode> {
    const server = await MockRpcNode.start();
    const node = new ModelNode(chain, server);
    server.methods = {
      eth_chainId: () => toQuantity(31_337),
      // Every token has code; the account has none.
      eth_getCode: ([address]) => (String(address) === chain.account ? '0x' : '0xfe'),
      eth_estimateGas: () => toQuantity(21_000),
      eth_getBalance: () => toQuantity(RICH_BALANCE),
      eth_feeHistory: () => ({ reward: [[toQuantity(GWEI)]] }),
      eth_getBlockByNumber: ([tag, full]) => node.showBlock(tag, full === true),
      eth_getTransactionCount: ([, tag]) => toQuantity(node.nonce(tag)),
      eth_getTransactionReceipt: ([hash]) => node.receipt(String(hash)),
      eth_getTransactionByHash: ([hash]) => node.transaction(String(hash)),
      eth_sendRawTransaction: async ([raw]) => {
        const transaction = readRaw(String(raw));
        await node.onSend(transaction, String(raw));
        return node.receive(transaction);
      },
    };
    return node;
  }

  get url(): string {
    return this.server.url;
  }

  /** Number of the newest block that it shows. */
  get head(): number {
    return this.chain.head - this.lag;
  }

  /** How often it was asked. */
  count(method: string): number {
    return this.server.calls.filter((call) => call.method === method).length;
  }

  recover(): void {
    this.sendBehaviour = 'welcome';
    this.lag = 0;
    this.receiptsHidden = false;
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  private receive(transaction: ModelTransaction): string {
    if (!this.arrived.some(({ hash }) => hash === transaction.hash)) this.arrived.push(transaction);
    if (this.sendBehaviour === 'pool full') throw new MockRpcError(-32000, 'txpool is full');
    if (this.sendBehaviour === 'too cheap') throw new MockRpcError(-32000, 'transaction underpriced');
    this.chain.pool.add(transaction, this.chain.mined().length);
    if (this.sendBehaviour === 'answer lost') throw new MockRpcError(-32000, 'the answer is lost');
    return transaction.hash;
  }

  private showBlock(tag: unknown, full: boolean): object | null {
    const block = this.chain.block(tag === 'latest' ? this.head : Number(tag));
    return block === undefined || block.number > this.head ? null : blockFields(block, full, this.chain.account);
  }

  private nonce(tag: unknown): number {
    if (tag === 'pending') return this.chain.pool.pendingNonce(this.nonce('latest'));
    return this.chain.mined(tag === 'latest' ? this.head : Math.min(Number(tag), this.head)).length;
  }

  private receipt(hash: string): object | null {
    const block = this.chain.blockOf(hash, this.head);
    const transaction = block?.transactions.find((each) => each.hash === hash);
    if (!block || !transaction || this.receiptsHidden) return null;
    return {
      transactionHash: hash,
      blockNumber: toQuantity(block.number),
      blockHash: block.hash,
      from: this.chain.account,
      status: transaction.succeeded ? '0x1' : '0x0',
      gasUsed: toQuantity(50_000),
      effectiveGasPrice: toQuantity(block.baseFee),
      logs: [],
    };
  }

  private transaction(hash: string): object | null {
    const mined = this.chain.mined(this.head).find((each) => each.hash === hash);
    const transaction = mined ?? this.chain.pool.knows(hash);
    return transaction ? transactionFields(transaction, this.chain.account) : null;
  }
}

function blockFields({ number, hash, timestamp, baseFee, transactions }: ModelBlock, full: boolean, from: string) {
  return {
    number: toQuantity(number),
    hash,
    timestamp: toQuantity(timestamp),
    baseFeePerGas: toQuantity(baseFee),
    gasLimit: toQuantity(30_000_000),
    transactions: transactions.map((each) => (full ? transactionFields(each, from) : each.hash)),
  };
}

function transactionFields({ hash, nonce, to, data }: ModelTransaction, from: string) {
  return { hash, nonce: toQuantity(nonce), to, input: data, from, value: '0x0' };
}

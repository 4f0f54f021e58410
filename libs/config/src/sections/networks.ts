/** Networks that Hokusai's own readers of events know. */
export const HOKUSAI_NETWORKS = ['ethereum', 'polygon', 'localhost', 'hardhat'] as const;
export type HokusaiNetwork = (typeof HOKUSAI_NETWORKS)[number];

/** Kinds of transactions: one gas price, or fee cap and tip (EIP-1559). */
export type FeeStyle = 'eip1559' | 'legacy';

/** What is known of one chain. Every value is the default of a variable; the variable in the environment wins. */
export interface Network {
  readonly chainId: number;
  readonly title: string;
  /** `NETWORK_NAME` */
  readonly name: string;
  /** Its name in events of `DEPLOYED_EVENT_FORMAT=hokusai`; undefined: their readers know no name. */
  readonly hokusaiName?: HokusaiNetwork;
  /** `BLOCK_TIME`, seconds. */
  readonly blockTime: number;
  /** `CONFIRMATIONS`. A number stays below the 128 blocks whose state full nodes keep. */
  readonly confirmations: number | 'safe' | 'finalized';
  /** `FEE_STYLE` */
  readonly feeStyle: FeeStyle;
  /** `MIN_PRIORITY_FEE_PER_GAS_GWEI`; undefined: as on other chains. */
  readonly minimumTip?: number;
  /** `MAX_PRIORITY_FEE_PER_GAS_GWEI`; undefined: as on other chains. */
  readonly maximumTip?: number;
  /** `MAX_FEE_PER_GAS_GWEI`; undefined: as on other chains. */
  readonly maximumFee?: number;
  /** `EXPLORER_URL` */
  readonly explorerUrl: string | null;
  /** A chain of a developer's machine: its blocks are as final as they will ever be. */
  readonly development?: true;
  /** Where the values were read, or which client was run. */
  readonly evidence: string;
  readonly quirks: string;
}

const ETHEREUM = {
  blockTime: 12,
  confirmations: 12,
  feeStyle: 'eip1559',
  evidence: 'documentation',
  quirks: 'Blocks are final after two epochs (13 minutes): `CONFIRMATIONS=finalized`.',
} as const;

const POLYGON = {
  blockTime: 2,
  confirmations: 'finalized',
  feeStyle: 'eip1559',
  minimumTip: 30,
  maximumTip: 200,
  maximumFee: 1000,
  evidence: 'documentation, bor sources',
  quirks:
    'bor refuses tips below 25 gwei, older nodes below 30. Milestones finalize blocks within seconds; deep reorganisations happen before.',
} as const;

const BSC = {
  blockTime: 0.45,
  confirmations: 'finalized',
  feeStyle: 'eip1559',
  minimumTip: 0.05,
  maximumTip: 5,
  evidence: 'documentation',
  quirks:
    'The base fee is 0, so the tip is the gas price. Validators take 0.05 gwei and more (testnet: 0.1); some nodes still refuse less than 1, which is learned from the refusal.',
} as const;

const ARBITRUM = {
  blockTime: 0.25,
  confirmations: 100,
  feeStyle: 'eip1559',
  minimumTip: 0,
  evidence: 'documentation',
  quirks:
    'The sequencer ignores tips. Gas includes the L1 data fee and follows its price. The block gas limit of 2^50 is no capacity.',
} as const;

const OP_STACK = {
  blockTime: 2,
  confirmations: 30,
  feeStyle: 'eip1559',
  evidence: 'documentation, superchain registry',
  quirks: 'An L1 data fee is charged on top of gas (`l1Fee` in receipts). `safe`: the batch is on L1.',
} as const;

const LINEA = {
  blockTime: 1,
  confirmations: 30,
  feeStyle: 'eip1559',
  evidence: 'documentation',
  quirks:
    'The base fee is 7 wei; the tip pays for L1: `eth_maxPriorityFeePerGas` says how much. No `safe` tag; `finalized` takes hours, and `eth_call` refuses it.',
} as const;

const SCROLL = {
  blockTime: 3,
  confirmations: 20,
  feeStyle: 'eip1559',
  evidence: 'documentation',
  quirks: 'An L1 data fee is charged on top of gas. `finalized`: the proof is verified on L1, about an hour later.',
} as const;

const TAIKO = {
  blockTime: 2,
  confirmations: 72,
  feeStyle: 'eip1559',
  evidence: 'documentation',
  quirks: 'Sequenced by L1: a reorganisation of L1 reaches Taiko. 72 blocks are about 12 of L1.',
} as const;

const AVALANCHE = {
  blockTime: 2,
  confirmations: 1,
  feeStyle: 'eip1559',
  evidence: 'documentation',
  quirks: 'An accepted block is final, and `latest` is the last accepted one. The block time is dynamic (ACP-226).',
} as const;

const GNOSIS = {
  blockTime: 5,
  confirmations: 12,
  feeStyle: 'eip1559',
  evidence: 'documentation',
  quirks: 'Gas is paid in xDai. Blocks are final after 2.7 minutes: `CONFIRMATIONS=finalized`.',
} as const;

const CELO = {
  blockTime: 1,
  confirmations: 60,
  feeStyle: 'eip1559',
  evidence: 'documentation',
  quirks: 'OP stack without an L1 data fee; the base fee is at least 25 gwei.',
} as const;

/** Chains with presets. Any other chain works with the general defaults. */
export const NETWORKS: readonly Network[] = [
  {
    ...ETHEREUM,
    chainId: 1,
    title: 'Ethereum',
    name: 'mainnet',
    hokusaiName: 'ethereum',
    explorerUrl: 'https://etherscan.io',
  },
  { ...ETHEREUM, chainId: 11_155_111, title: 'Sepolia', name: 'sepolia', explorerUrl: 'https://sepolia.etherscan.io' },
  { ...ETHEREUM, chainId: 17_000, title: 'Holesky', name: 'holesky', explorerUrl: 'https://holesky.etherscan.io' },
  { ...ETHEREUM, chainId: 560_048, title: 'Hoodi', name: 'hoodi', explorerUrl: 'https://hoodi.etherscan.io' },
  {
    ...POLYGON,
    chainId: 137,
    title: 'Polygon',
    name: 'polygon',
    hokusaiName: 'polygon',
    explorerUrl: 'https://polygonscan.com',
  },
  {
    ...POLYGON,
    chainId: 80_002,
    title: 'Polygon Amoy',
    name: 'polygon-amoy',
    explorerUrl: 'https://amoy.polygonscan.com',
  },
  { ...BSC, chainId: 56, title: 'BNB Smart Chain', name: 'bsc', explorerUrl: 'https://bscscan.com' },
  {
    ...BSC,
    minimumTip: 0.1,
    chainId: 97,
    title: 'BNB Smart Chain Testnet',
    name: 'bsc-testnet',
    explorerUrl: 'https://testnet.bscscan.com',
  },
  { ...ARBITRUM, chainId: 42_161, title: 'Arbitrum One', name: 'arbitrum', explorerUrl: 'https://arbiscan.io' },
  {
    ...ARBITRUM,
    chainId: 421_614,
    title: 'Arbitrum Sepolia',
    name: 'arbitrum-sepolia',
    explorerUrl: 'https://sepolia.arbiscan.io',
  },
  { ...OP_STACK, chainId: 10, title: 'OP Mainnet', name: 'optimism', explorerUrl: 'https://optimistic.etherscan.io' },
  {
    ...OP_STACK,
    chainId: 11_155_420,
    title: 'OP Sepolia',
    name: 'optimism-sepolia',
    explorerUrl: 'https://sepolia-optimism.etherscan.io',
  },
  { ...OP_STACK, chainId: 8453, title: 'Base', name: 'base', explorerUrl: 'https://basescan.org' },
  {
    ...OP_STACK,
    chainId: 84_532,
    title: 'Base Sepolia',
    name: 'base-sepolia',
    explorerUrl: 'https://sepolia.basescan.org',
  },
  { ...LINEA, chainId: 59_144, title: 'Linea', name: 'linea', explorerUrl: 'https://lineascan.build' },
  {
    ...LINEA,
    chainId: 59_141,
    title: 'Linea Sepolia',
    name: 'linea-sepolia',
    explorerUrl: 'https://sepolia.lineascan.build',
  },
  { ...SCROLL, chainId: 534_352, title: 'Scroll', name: 'scroll', explorerUrl: 'https://scrollscan.com' },
  {
    ...SCROLL,
    chainId: 534_351,
    title: 'Scroll Sepolia',
    name: 'scroll-sepolia',
    explorerUrl: 'https://sepolia.scrollscan.com',
  },
  { ...TAIKO, chainId: 167_000, title: 'Taiko Alethia', name: 'taiko', explorerUrl: 'https://taikoscan.io' },
  {
    ...TAIKO,
    chainId: 167_013,
    title: 'Taiko Hoodi',
    name: 'taiko-hoodi',
    explorerUrl: 'https://hoodi.taikoscan.io',
  },
  { ...AVALANCHE, chainId: 43_114, title: 'Avalanche C-Chain', name: 'avalanche', explorerUrl: 'https://snowtrace.io' },
  {
    ...AVALANCHE,
    chainId: 43_113,
    title: 'Avalanche Fuji',
    name: 'avalanche-fuji',
    explorerUrl: 'https://testnet.snowtrace.io',
  },
  { ...GNOSIS, chainId: 100, title: 'Gnosis', name: 'gnosis', explorerUrl: 'https://gnosisscan.io' },
  { ...GNOSIS, chainId: 10_200, title: 'Gnosis Chiado', name: 'gnosis-chiado', explorerUrl: null },
  { ...CELO, chainId: 42_220, title: 'Celo', name: 'celo', explorerUrl: 'https://celoscan.io' },
  { ...CELO, chainId: 11_142_220, title: 'Celo Sepolia', name: 'celo-sepolia', explorerUrl: null },
  {
    chainId: 31_337,
    title: 'anvil, hardhat',
    name: 'local',
    hokusaiName: 'hardhat',
    blockTime: 1,
    confirmations: 1,
    feeStyle: 'eip1559',
    explorerUrl: null,
    development: true,
    evidence: '**client**: anvil 1.7.1, in every test run; hardhat 2.29.1, by `npm run test:nodes`',
    quirks:
      'Blocks come with transactions, and the block time is that of the flags. Start anvil with `--prune-history 256`.',
  },
  {
    chainId: 1337,
    title: 'ganache, geth --dev',
    name: 'chain-1337',
    hokusaiName: 'localhost',
    blockTime: 1,
    confirmations: 1,
    feeStyle: 'eip1559',
    explorerUrl: null,
    development: true,
    evidence: '**client**: geth 1.17.10, by `npm run test:nodes`',
    quirks: 'ganache stands before Cancun: the contracts do not run there.',
  },
];

/** Null for a chain without a preset. */
export function findNetwork(chainId: number): Network | null {
  return NETWORKS.find((network) => network.chainId === chainId) ?? null;
}

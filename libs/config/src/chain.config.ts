import { networkNameDefault, onDevelopmentChain } from './chain-defaults.js';
import { Env } from './env.js';
import { either, oneOf, optional, word } from './format.js';
import { gwei, integer, seconds } from './number-formats.js';
import { secretUrls } from './secret-formats.js';
import { webSite } from './server-formats.js';
import { Settings } from './settings.js';

/** The EVM chain: endpoints, finality, fees. */
export class ChainConfig extends Settings {
  @Env('WEB3_PROVIDER_URL', {
    format: secretUrls(['http', 'https']),
    default: 'http://localhost:8545',
    description: 'JSON-RPC endpoints, separated by commas.',
    secret: true,
  })
  readonly rpcUrls!: readonly string[];

  @Env('CHAIN_ID', {
    format: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    description: 'The only chain that the service works on (EIP-155); it refuses to start on another.',
  })
  readonly chainId!: number;

  @Env('NETWORK_NAME', {
    format: word(64),
    default: { from: networkNameDefault, described: 'by chain id, such as `mainnet`, else `chain-<id>`' },
    description: 'Name of the network in the events.',
  })
  readonly networkName!: string;

  @Env('EXPLORER_URL', {
    format: optional(webSite()),
    default: null,
    description:
      'Block explorer that the console links to: its pages are `/tx/<hash>` and `/address/<address>` below that.',
  })
  readonly explorerUrl!: string | null;

  @Env('CONFIRMATIONS', {
    format: either(integer({ min: 1, max: 10_000 }), oneOf({ safe: 'safe' as const, finalized: 'finalized' as const })),
    default: { from: onDevelopmentChain('1', '12'), described: '`12`; `1` on chains 31337 and 1337' },
    description:
      "When a transaction counts as final: after that many blocks, its own included, or by the chain's `safe` or `finalized` tag.",
  })
  readonly confirmations!: number | 'safe' | 'finalized';

  @Env('RPC_TIMEOUT', {
    format: seconds({ min: 0.1, max: 120 }),
    default: '10',
    description: 'Seconds until an RPC request is given up.',
  })
  readonly rpcTimeoutMs!: number;

  @Env('BLOCK_POLL_INTERVAL', {
    format: seconds({ min: 0.01, max: 60 }),
    default: { from: onDevelopmentChain('0.1', '1'), described: '`1`; `0.1` on chains 31337 and 1337' },
    description: 'Seconds between two looks at the head of the chain.',
  })
  readonly blockPollIntervalMs!: number;

  /** Wei. */
  @Env('MAX_FEE_PER_GAS_GWEI', {
    format: gwei({ min: 0.000000001, max: 1_000_000 }),
    default: '200',
    description: 'Highest fee per gas that is ever offered, in gwei; above it work is held back.',
  })
  readonly maxFeePerGas!: bigint;

  /** Wei. */
  @Env('MAX_PRIORITY_FEE_PER_GAS_GWEI', {
    format: gwei({ min: 0, max: 1_000_000 }),
    default: '2',
    description: 'Highest priority fee per gas, in gwei.',
  })
  readonly maxPriorityFeePerGas!: bigint;

  @Env('REPLACE_AFTER', {
    format: seconds({ min: 0.1, max: 86_400 }),
    default: '60',
    description: 'Seconds after which a transaction that is not mined is replaced at a higher fee.',
  })
  readonly replaceAfterMs!: number;
}

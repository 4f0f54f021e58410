import { byNetwork, isDevelopmentChain, networkNameDefault, onDevelopmentChain } from './chain-defaults.js';
import type { FeeStyle } from './networks.js';
import { type DerivedDefault, Env } from '../env/env.decorator.js';
import { type Environment, type ConfigProblem, configProblems, readVariable } from '../env/environment.js';
import { firstOf, nameList, oneOf, optional, identifier } from '../env/env-parser.js';
import { amount, positiveAmount } from '../env/amount-parsers.js';
import { gwei, integer, seconds } from '../env/number-parsers.js';
import { type HeadersByEndpoint, headersByEndpoint, secretUrl, secretUrls } from '../env/secret-parsers.js';
import { certificates, isKeyOf, noProxyList, pemPrivateKey, webSite } from '../env/server-parsers.js';
import { ConfigBase } from '../env/config-base.js';
import { findNetwork, HOKUSAI_NETWORKS, type HokusaiNetwork } from './networks.js';

const timeout = seconds({ min: 0.1, max: 120 });

/** A bad RPC_TIMEOUT is reported as such and must not show up in further complaints. */
const asRpcTimeout = {
  from: (environment: Environment): string => {
    const text = readVariable(environment, 'RPC_TIMEOUT') ?? '';
    return timeout.parse(text) === undefined ? '10' : text;
  },
  described: 'as `RPC_TIMEOUT`',
};

/** The lower-case name of a variable, which many programs read. */
function asVariable(name: string): DerivedDefault {
  return { from: (environment) => readVariable(environment, name) ?? null, described: `as \`${name}\`` };
}

const generalMinimumTip = byNetwork(({ minimumTip }) => minimumTip, '0.001');

const minimumTipDefault: DerivedDefault = {
  ...generalMinimumTip,
  from: (environment) => {
    const minimum = generalMinimumTip.from(environment) ?? '0';
    const maximum = readVariable(environment, 'MAX_PRIORITY_FEE_PER_GAS_GWEI');
    return maximum !== undefined && Number(maximum) < Number(minimum) ? maximum : minimum;
  },
  described: `${generalMinimumTip.described}; the maximum where that is lower`,
};

const blockTime = seconds({ min: 0.01, max: 600 });
const blockTimeDefault = byNetwork((network) => network.blockTime, '12');

/** Five blocks of a fast chain are less than the delay between two providers. */
const maximumLagDefault = {
  from: (environment: Environment): string => {
    if (isDevelopmentChain(Number(readVariable(environment, 'CHAIN_ID')))) return '5';
    const text = readVariable(environment, 'BLOCK_TIME') ?? blockTimeDefault.from(environment) ?? '';
    const blocksOfMinute = Math.round(60_000 / (blockTime.parse(text) ?? 12_000));
    return String(Math.max(5, blocksOfMinute));
  },
  described: '`5`, or the blocks of a minute (`BLOCK_TIME`) where these are more; `5` on chains 31337 and 1337',
};

/** The EVM chain: endpoints, finality, fees. */
export class ChainConfig extends ConfigBase {
  @Env('WEB3_PROVIDER_URL', {
    format: secretUrls(['http', 'https', 'ws', 'wss']),
    default: 'http://localhost:8545',
    description:
      'JSON-RPC endpoints, comma-separated: `http://`, `https://`, `ws://` or `wss://` in any mix. Over a WebSocket the node pushes new heads.',
    peer: { name: 'RPC_URL' },
    secret: true,
  })
  readonly rpcUrls!: readonly string[];

  @Env('RPC_HEADERS', {
    format: headersByEndpoint(),
    default: '{}',
    description:
      'Headers of the requests, as JSON by the name of the endpoint, or by `*` for all: `{"rpc-1": {"authorization": "Bearer …"}}`.',
    secret: true,
  })
  readonly rpcHeaders!: HeadersByEndpoint;

  @Env('RPC_TLS_CA', {
    format: optional(certificates()),
    default: null,
    description: 'Certificates in PEM of authorities that are trusted beside the public ones.',
    secret: true,
  })
  readonly rpcTlsCa!: string | null;

  @Env('RPC_TLS_CERT', {
    format: optional(certificates()),
    default: null,
    description: 'Certificate of this client in PEM, with its chain, for endpoints that ask for one.',
    secret: true,
  })
  readonly rpcTlsCert!: string | null;

  @Env('RPC_TLS_KEY', {
    format: optional(pemPrivateKey()),
    default: null,
    description: 'Private key of `RPC_TLS_CERT` in PEM.',
    secret: true,
  })
  readonly rpcTlsKey!: string | null;

  @Env('HTTPS_PROXY', {
    format: optional(secretUrl(['http', 'https'])),
    default: asVariable('https_proxy'),
    description: 'HTTP proxy that `https://` and `wss://` endpoints are reached through (CONNECT).',
    secret: true,
  })
  readonly httpsProxy!: string | null;

  @Env('NO_PROXY', {
    format: optional(noProxyList()),
    default: asVariable('no_proxy'),
    description: 'Hosts, with their subdomains, that are reached without the proxy; `*`: all.',
  })
  readonly noProxy!: readonly string[] | null;

  @Env('CHAIN_ID', {
    format: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    description: 'Chain id (EIP-155). The service refuses to start on another chain.',
  })
  readonly chainId!: number;

  @Env('NETWORK_NAME', {
    format: identifier(64),
    default: networkNameDefault,
    description: 'Network name in events.',
  })
  readonly networkName!: string;

  @Env('DEPLOYED_EVENT_FORMAT', {
    format: oneOf({ full: 'full' as const, hokusai: 'hokusai' as const }),
    default: 'full',
    description:
      "Form of the events: `full`, or `hokusai` for readers of Hokusai's own form, who know the networks `ethereum`, `polygon`, `localhost` and `hardhat` only (docs/messages.md).",
  })
  readonly eventFormat!: 'full' | 'hokusai';

  @Env('EXPLORER_URL', {
    format: optional(firstOf(webSite(), oneOf({ none: null }))),
    default: byNetwork(({ explorerUrl }) => explorerUrl, null),
    description:
      'Base URL of the block explorer in the console; `/tx/<hash>` and `/address/<address>` are appended. `none`: no links.',
  })
  readonly explorerUrl!: string | null;

  @Env('BLOCK_TIME', {
    format: blockTime,
    default: blockTimeDefault,
    description: 'Usual block time in seconds.',
  })
  readonly blockTimeMs!: number;

  @Env('CONFIRMATIONS', {
    peer: { name: 'CONFIRMATION_BLOCKS' },
    format: firstOf(
      integer({ min: 1, max: 10_000 }),
      oneOf({ safe: 'safe' as const, finalized: 'finalized' as const }),
    ),
    default: byNetwork(({ confirmations }) => confirmations, '12'),
    description:
      'Blocks until a transaction is final, its own included, or the tag `safe` or `finalized`. With `token-manager` the node must keep the state of that block; full nodes keep about 128.',
  })
  readonly confirmations!: number | 'safe' | 'finalized';

  @Env('RPC_NAMES', {
    format: optional(nameList()),
    default: null,
    description:
      'Display names of the endpoints in metrics, logs and health, comma-separated, in their order. Default: `rpc-1`, `rpc-2`, …',
  })
  readonly rpcNames!: readonly string[] | null;

  @Env('RPC_TIMEOUT', {
    format: timeout,
    default: '10',
    description: 'Timeout of a reading RPC request in seconds.',
  })
  readonly rpcTimeoutMs!: number;

  @Env('RPC_SEND_TIMEOUT', {
    format: timeout,
    default: asRpcTimeout,
    description: 'Timeout of sending a transaction in seconds.',
  })
  readonly rpcSendTimeoutMs!: number;

  @Env('RPC_CALL_TIMEOUT', {
    format: timeout,
    default: asRpcTimeout,
    description: 'Timeout of simulations, gas estimates and contract views in seconds.',
  })
  readonly rpcCallTimeoutMs!: number;

  @Env('RPC_LOGS_TIMEOUT', {
    format: timeout,
    default: '20',
    description: 'Timeout of log searches in seconds.',
  })
  readonly rpcLogsTimeoutMs!: number;

  @Env('RPC_PROBE_INTERVAL', {
    format: seconds({ min: 0.05, max: 3600 }),
    default: onDevelopmentChain('1', '10'),
    description: 'Interval of the endpoint health check in seconds.',
  })
  readonly rpcProbeIntervalMs!: number;

  @Env('RPC_MAX_LAG_BLOCKS', {
    format: integer({ min: 0, max: 100_000 }),
    default: maximumLagDefault,
    description: 'Maximum blocks behind the best endpoint; an endpoint further behind is excluded.',
  })
  readonly rpcMaxLagBlocks!: number;

  @Env('RPC_MAX_LAG', {
    format: seconds({ min: 0.1, max: 3600 }),
    default: onDevelopmentChain('10', '60'),
    description:
      'Maximum lag in seconds of block time. Also the maximum wait of reads for the newest known block before the head rolls back.',
  })
  readonly rpcMaxLagMs!: number;

  @Env('BLOCK_POLL_INTERVAL', {
    format: seconds({ min: 0.01, max: 60 }),
    default: onDevelopmentChain('0.1', '1'),
    description: 'Poll interval of the chain head in seconds.',
  })
  readonly blockPollIntervalMs!: number;

  @Env('FEE_STYLE', {
    format: oneOf({ eip1559: 'eip1559' as const, legacy: 'legacy' as const }),
    default: byNetwork(({ feeStyle }) => feeStyle, 'eip1559'),
    description:
      'Transactions with fee cap and tip (`eip1559`, where blocks have a base fee), or with one gas price (`legacy`).',
  })
  readonly feeStyle!: FeeStyle;

  /** Wei. */
  @Env('MAX_FEE_PER_GAS_GWEI', {
    peer: { name: 'MAX_GAS_PRICE_GWEI' },
    format: gwei({ min: 0.000000001, max: 1_000_000 }),
    default: byNetwork(({ maximumFee }) => maximumFee, '200'),
    description: 'Maximum fee per gas in gwei. Processing pauses above it.',
  })
  readonly maxFeePerGas!: bigint;

  /** Wei. */
  @Env('MAX_PRIORITY_FEE_PER_GAS_GWEI', {
    format: gwei({ min: 0, max: 1_000_000 }),
    default: byNetwork(({ maximumTip }) => maximumTip, '2'),
    description: 'Maximum priority fee per gas in gwei. Processing pauses while the market, or a fee bump, needs more.',
  })
  readonly maxPriorityFeePerGas!: bigint;

  /** Wei. */
  @Env('MIN_PRIORITY_FEE_PER_GAS_GWEI', {
    format: gwei({ min: 0, max: 1_000_000 }),
    default: minimumTipDefault,
    description: 'Minimum priority fee per gas in gwei. A higher minimum that a node reports applies instead.',
  })
  readonly minPriorityFeePerGas!: bigint;

  /** Wei. */
  @Env('MAX_TRANSACTION_COST_ETHER', {
    format: positiveAmount('ether', 18),
    default: '1',
    description:
      "Maximum cost of a transaction (gas limit × maximum fee) in ether. Limits the batch size. Set it to the node's limit (geth: `--rpc.txfeecap`).",
  })
  readonly maxTransactionCost!: bigint;

  /** Wei. */
  @Env('MIN_BALANCE_ETHER', {
    format: amount('ether', 18),
    default: '0',
    description: 'Balance of each deployer account in ether that is never spent. Processing pauses before it.',
  })
  readonly minBalance!: bigint;

  @Env('REPLACE_AFTER', {
    format: seconds({ min: 0.1, max: 86_400 }),
    default: '60',
    description: 'Seconds until a pending transaction gets a fee bump.',
  })
  readonly replaceAfterMs!: number;

  /** In the order of the URLs. */
  get endpointNames(): readonly string[] {
    return this.rpcNames ?? this.rpcUrls.map((_, index) => `rpc-${index + 1}`);
  }

  /** Network in events of Hokusai's form: `NETWORK_NAME` where their readers know it. Null with the full form. */
  get hokusaiNetwork(): HokusaiNetwork | null {
    if (this.eventFormat !== 'hokusai') return null;
    const known = HOKUSAI_NETWORKS.find((name) => name === this.networkName);
    return known ?? findNetwork(this.chainId)?.hokusaiName ?? null;
  }

  override crossFieldIssues(): readonly ConfigProblem[] {
    const { rpcNames, rpcUrls, minPriorityFeePerGas, maxPriorityFeePerGas } = this;
    const problems = [...this.connectionIssues()];
    if (this.eventFormat === 'hokusai' && this.hokusaiNetwork === null)
      problems.push({
        variable: 'DEPLOYED_EVENT_FORMAT',
        expected:
          `must be full: Hokusai's readers have no name for chain ${this.chainId}. ` +
          `Or set NETWORK_NAME to the name that events shall carry: ${HOKUSAI_NETWORKS.join(', ')}`,
      });
    if (rpcNames !== null && rpcNames.length !== rpcUrls.length)
      problems.push({ variable: 'RPC_NAMES', expected: 'must hold as many names as WEB3_PROVIDER_URL has endpoints' });
    if (minPriorityFeePerGas > maxPriorityFeePerGas)
      problems.push({
        variable: 'MIN_PRIORITY_FEE_PER_GAS_GWEI',
        expected: 'must not be above MAX_PRIORITY_FEE_PER_GAS_GWEI',
      });
    return problems;
  }

  private connectionIssues(): readonly ConfigProblem[] {
    const { rpcHeaders, endpointNames, rpcTlsCert, rpcTlsKey } = this;
    const isEndpoint = (name: string): boolean => name === '*' || endpointNames.includes(name);
    return configProblems(
      [
        !Object.keys(rpcHeaders).every(isEndpoint),
        'RPC_HEADERS',
        'must name endpoints of RPC_NAMES, rpc-1 and so on, or *',
      ],
      [rpcTlsCert && !rpcTlsKey, 'RPC_TLS_KEY', 'is required together with RPC_TLS_CERT'],
      [rpcTlsKey && !rpcTlsCert, 'RPC_TLS_CERT', 'is required together with RPC_TLS_KEY'],
      [rpcTlsCert && rpcTlsKey && !isKeyOf(rpcTlsCert, rpcTlsKey), 'RPC_TLS_KEY', 'must be the key of RPC_TLS_CERT'],
    );
  }
}

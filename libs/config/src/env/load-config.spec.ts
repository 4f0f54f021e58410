import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BackendConfig } from '../sections/backend.config.js';
import { ChainConfig } from '../sections/chain.config.js';
import type { Environment } from './environment.js';
import { FactoryConfig } from '../sections/factory.config.js';
import { HttpConfig } from '../sections/http.config.js';
import { ConfigValidationError } from './config-validation.error.js';
import { LogConfig } from '../sections/log.config.js';
import { QueueConfig } from '../sections/queue.config.js';
import { loadConfig } from './load-config.js';
import { RedisConfig } from '../sections/redis.config.js';
import { secretsOf } from './config-base.js';
import { SignerConfig } from '../sections/signer.config.js';
import { CONFIG_CLASSES } from '../sections/config-classes.js';

const KEY = `0x${'a1'.repeat(32)}`;
const REQUIRED = {
  CHAIN_ID: '11155111',
  DEPLOYER_PRIVATE_KEY: KEY,
  FACTORY_ADDRESS: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
};

function settings(environment: Environment = {}) {
  return loadConfig({ ...REQUIRED, ...environment }, CONFIG_CLASSES);
}

/** What a spread or an enumeration would show. */
function visible(topic: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(topic));
}

function refusal(environment: Environment): ConfigValidationError {
  try {
    settings(environment);
  } catch (error) {
    if (error instanceof ConfigValidationError) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
}

describe('readSettings', () => {
  it('fills every default', () => {
    const all = settings();
    expect(all.get(RedisConfig).url).toBe('redis://localhost:6379/0');
    expect(visible(all.get(RedisConfig))).toEqual({
      connectTimeoutMs: 5000,
      commandTimeoutMs: 5000,
      waitReplicas: 0,
      waitTimeoutMs: 1000,
      sentinels: null,
      sentinelMaster: null,
      clusterNodes: null,
      tlsServername: null,
    });
    expect(visible(all.get(QueueConfig))).toEqual({
      queueName: 'hokusai:model_ready_queue',
      deployedQueueName: 'hokusai:token_deployed_queue',
      deployedFullQueueName: null,
      processingTimeoutMs: 300_000,
      pollIntervalMs: 5000,
      leaseDurationMs: 30_000,
      claimBatch: 100,
      maxMessagesInFlight: 5000,
      maxMessageBytes: 262_144,
      maxRetriesCap: 10,
      maxStalls: 5,
      modelIdSource: 'model_id',
      minImprovementPercentage: 0,
      metricDirections: null,
    });
    expect(all.get(ChainConfig).rpcUrls).toEqual(['http://localhost:8545']);
    expect(visible(all.get(ChainConfig))).toEqual({
      chainId: 11_155_111,
      noProxy: null,
      networkName: 'sepolia',
      eventFormat: 'full',
      explorerUrl: 'https://sepolia.etherscan.io',
      blockTimeMs: 12_000,
      confirmations: 12,
      feeStyle: 'eip1559',
      rpcNames: null,
      rpcTimeoutMs: 10_000,
      rpcSendTimeoutMs: 10_000,
      rpcCallTimeoutMs: 10_000,
      rpcLogsTimeoutMs: 20_000,
      rpcProbeIntervalMs: 10_000,
      rpcMaxLagBlocks: 5,
      rpcMaxLagMs: 60_000,
      blockPollIntervalMs: 1000,
      maxFeePerGas: 200_000_000_000n,
      maxPriorityFeePerGas: 2_000_000_000n,
      minPriorityFeePerGas: 1_000_000n,
      maxTransactionCost: 1_000_000_000_000_000_000n,
      minBalance: 0n,
      replaceAfterMs: 60_000,
    });
    expect(all.get(SignerConfig).privateKeys).toEqual([KEY]);
    expect(visible(all.get(SignerConfig))).toEqual({ maxInFlight: 16, laneLeaseMs: 15_000, signerTimeoutMs: 10_000 });
    expect(visible(all.get(BackendConfig))).toEqual({
      tokenBackend: 'factory',
      formerFactories: null,
      formerTokenManagers: null,
      batchSize: 100,
      gasMarginPercent: 10,
      batchWaitMs: 20,
    });
    expect(visible(all.get(FactoryConfig))).toEqual({
      factoryAddress: REQUIRED.FACTORY_ADDRESS,
      factoryDeployedAtBlock: 0,
    });
    expect(all.get(HttpConfig).operateToken).toBeNull();
    expect(all.get(HttpConfig).readToken).toBeNull();
    expect(visible(all.get(HttpConfig))).toEqual({
      port: 3000,
      tokenList: null,
      trustedProxies: null,
      requestsPerMinute: 12_000,
      shutdownTimeoutMs: 25_000,
    });
    expect(visible(all.get(LogConfig))).toEqual({ level: 'log' });
  });

  it('takes a blank variable for an unset one', () => {
    expect(settings({ BATCH_SIZE: '', QUEUE_NAME: '  ', OPS_API_TOKEN: '' }).get(BackendConfig).batchSize).toBe(100);
  });

  it.each([
    ['1', 'mainnet'],
    ['8453', 'base'],
    ['84532', 'base-sepolia'],
    ['31337', 'local'],
    ['10', 'optimism'],
    ['424242', 'chain-424242'],
  ])('names chain %s %s', (chainId, name) => {
    expect(settings({ CHAIN_ID: chainId }).get(ChainConfig).networkName).toBe(name);
  });

  it.each(['31337', '1337'])('is quicker on development chain %s', (chainId) => {
    const chain = settings({ CHAIN_ID: chainId }).get(ChainConfig);
    expect(chain.confirmations).toBe(1);
    expect(chain.blockPollIntervalMs).toBe(100);
  });

  it('reads units exactly', () => {
    const all = settings({
      BLOCK_POLL_INTERVAL: '0.25',
      MAX_FEE_PER_GAS_GWEI: '0.000000007',
      MAX_PRIORITY_FEE_PER_GAS_GWEI: '1.5',
    });
    expect(all.get(ChainConfig)).toMatchObject({
      blockPollIntervalMs: 250,
      maxFeePerGas: 7n,
      maxPriorityFeePerGas: 1_500_000_000n,
    });
  });

  it.each([
    ['https://etherscan.io', 'https://etherscan.io'],
    ['http://explorer.example:4000/chain/', 'http://explorer.example:4000/chain'],
  ])('takes %s for an explorer', (text, site) => {
    expect(settings({ EXPLORER_URL: text }).get(ChainConfig).explorerUrl).toBe(site);
  });

  it.each(['safe', 'finalized'] as const)('takes the tag %s for finality', (tag) => {
    expect(settings({ CONFIRMATIONS: tag }).get(ChainConfig).confirmations).toBe(tag);
  });

  it('reads lists', () => {
    const all = settings({
      WEB3_PROVIDER_URL: 'http://a:8545, https://b/v3/key',
      DEPLOYER_PRIVATE_KEY: `${'B2'.repeat(32)},${KEY}`,
    });
    expect(all.get(ChainConfig).rpcUrls).toEqual(['http://a:8545', 'https://b/v3/key']);
    expect(all.get(SignerConfig).privateKeys).toEqual([`0x${'b2'.repeat(32)}`, KEY]);
  });

  it.each([
    ['DEBUG', 'debug'],
    ['info', 'log'],
    ['Warning', 'warn'],
    ['ERROR', 'error'],
    ['CRITICAL', 'fatal'],
    ['log', 'log'],
    ['VERBOSE', 'verbose'],
    ['warn', 'warn'],
  ])('understands log level %s', (name, level) => {
    expect(settings({ LOG_LEVEL: name }).get(LogConfig).level).toBe(level);
  });

  it('freezes what it read', () => {
    for (const topic of settings().all) expect(Object.isFrozen(topic)).toBe(true);
    expect(Object.isFrozen(settings().get(SignerConfig).privateKeys)).toBe(true);
  });
});

describe('a bad environment', () => {
  it.each([
    ['REDIS_URL', 'http://localhost'],
    ['REDIS_URL', 'redis://'],
    ['REDIS_CONNECT_TIMEOUT', '5s'],
    ['REDIS_COMMAND_TIMEOUT', '-1'],
    ['QUEUE_NAME', 'two words'],
    ['PROCESSING_TIMEOUT', '0'],
    ['POLL_INTERVAL', '1e3'],
    ['CLAIM_BATCH', '12abc'],
    ['CLAIM_BATCH', '1.5'],
    ['CLAIM_BATCH', '0x10'],
    ['MAX_MESSAGE_BYTES', 'Infinity'],
    ['MIN_IMPROVEMENT_PERCENTAGE', '-0.1'],
    ['METRIC_DIRECTIONS', 'churn=down'],
    ['METRIC_DIRECTIONS', 'churn'],
    ['METRIC_DIRECTIONS', 'churn=lower,Churn=higher'],
    ['WEB3_PROVIDER_URL', 'ftp://localhost:8546'],
    ['WEB3_PROVIDER_URL', 'http://a,,http://b'],
    ['WEB3_PROVIDER_URL', 'http://a,http://a'],
    ['CHAIN_ID', 'mainnet'],
    ['CHAIN_ID', '0'],
    ['CHAIN_ID', '99999999999999999999'],
    ['EXPLORER_URL', 'javascript:alert(1)'],
    ['EXPLORER_URL', 'https://user:word@explorer.example'],
    ['EXPLORER_URL', 'https://explorer.example/?key=1'],
    ['CONFIRMATIONS', '0'],
    ['MAX_FEE_PER_GAS_GWEI', '1.0000000001'],
    ['MAX_FEE_PER_GAS_GWEI', '0'],
    ['DEPLOYER_PRIVATE_KEY', 'a1'.repeat(31)],
    ['DEPLOYER_PRIVATE_KEY', '00'.repeat(32)],
    ['DEPLOYER_PRIVATE_KEY', 'ff'.repeat(32)],
    ['DEPLOYER_PRIVATE_KEY', `${KEY},${KEY.slice(2)}`],
    ['MAX_IN_FLIGHT', '0'],
    ['TOKEN_BACKEND', 'managed'],
    ['FACTORY_ADDRESS', '0x5FbDB2315678afecb367f032d93F642f64180aa'],
    ['FACTORY_ADDRESS', `0x${'0'.repeat(40)}`],
    ['PORT', '65536'],
    ['OPS_API_REQUESTS_PER_MINUTE', '0'],
    ['HTTP_TRUSTED_PROXIES', 'proxy.example'],
    ['HTTP_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['OPS_API_TOKEN', 'fifteen-letters'],
    ['OPS_API_READ_TOKEN', 'a token with blanks'],
    ['LOG_LEVEL', 'loud'],
  ])('names %s for %j and does not show it', (variable, value) => {
    const error = refusal({ [variable]: value });
    expect(error.problems.map((problem) => problem.variable)).toEqual([variable]);
    expect(error.message).toContain(`${variable} must be `);
    // The same sentence for any bad value: none of them can be in it.
    expect(error.message).toBe(refusal({ [variable]: '\u0001' }).message);
  });

  it.each(['models', 'models:dlq', '{models}:processing'])('sends no events to lists of the queue: %s', (name) => {
    const error = refusal({ QUEUE_NAME: 'models', DEPLOYED_QUEUE_NAME: name });
    expect(error.problems.map((problem) => problem.variable)).toEqual(['DEPLOYED_QUEUE_NAME']);
    expect(error.message).toContain('must name another list than QUEUE_NAME');
  });

  it.each(['models', 'models:dlq', 'events'])('sends no events in full form to the list %s', (name) => {
    const lists = { QUEUE_NAME: 'models', DEPLOYED_QUEUE_NAME: 'events', DEPLOYED_FULL_QUEUE_NAME: name };
    expect(refusal(lists).problems.map((problem) => problem.variable)).toEqual(['DEPLOYED_FULL_QUEUE_NAME']);
  });

  it('names every bad variable of all topics in one message', () => {
    const error = refusal({ CHAIN_ID: undefined, FACTORY_ADDRESS: '', PORT: 'x', LOG_LEVEL: 'y', REDIS_URL: 'z' });
    expect(error.problems.map((problem) => problem.variable)).toEqual([
      'REDIS_URL',
      'CHAIN_ID',
      'FACTORY_ADDRESS',
      'PORT',
      'LOG_LEVEL',
    ]);
    expect(error.message).toContain('CHAIN_ID is required and must be an integer');
  });
});

describe('secrets from files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function file(content: string): string {
    const path = join(folder, 'secret');
    writeFileSync(path, content);
    return path;
  }

  it('reads NAME_FILE of every secret and trims it', () => {
    const key = file(` ${KEY}\n`);
    expect(
      settings({ DEPLOYER_PRIVATE_KEY: undefined, DEPLOYER_PRIVATE_KEY_FILE: key }).get(SignerConfig).privateKeys,
    ).toEqual([KEY]);
    const token = file('sixteen-letters-or-more\n');
    expect(settings({ OPS_API_TOKEN_FILE: token }).get(HttpConfig).operateToken).toBe('sixteen-letters-or-more');
  });

  it('refuses a file that is not there, once, without its path', () => {
    const error = refusal({ DEPLOYER_PRIVATE_KEY: '', DEPLOYER_PRIVATE_KEY_FILE: join(folder, 'canary') });
    expect(error.problems.map((problem) => problem.variable)).toEqual(['DEPLOYER_PRIVATE_KEY_FILE']);
    expect(error.message).not.toContain('canary');
  });

  it('refuses both forms at once', () => {
    const error = refusal({ REDIS_URL: 'redis://a', REDIS_URL_FILE: file('redis://b') });
    expect(error.problems).toEqual([
      { variable: 'REDIS_URL', expected: 'must not be set together with REDIS_URL_FILE' },
    ]);
  });
});

describe('secrets', () => {
  const canaries = {
    REDIS_URL: 'redis://deployer:canary%2Fpassword@redis:6379/0',
    WEB3_PROVIDER_URL:
      'https://rpc.example/v3/canary0123456789abcdef,https://other.example/?key=canaryfedcba9876543210',
    DEPLOYER_PRIVATE_KEY: 'CA9A51'.repeat(10) + 'CAFE',
    OPS_API_TOKEN: 'canary-operate-token',
    OPS_API_READ_TOKEN: 'canary-read-token-0',
  };

  it('show up in no form of the settings', () => {
    const all = settings(canaries);
    for (const topic of all.all) {
      for (const text of [
        JSON.stringify(topic),
        inspect(topic),
        inspect({ topic }, { showHidden: true }),
        inspect(visible(topic)),
      ]) {
        expect(text).not.toMatch(/canary|ca9a51/i);
      }
    }
    expect(JSON.stringify(all.get(RedisConfig))).toContain('"url":"[redacted]"');
  });

  it('are all returned for the log sanitizer', () => {
    expect(secretsOf(...settings(canaries).all)).toEqual(
      expect.arrayContaining([
        canaries.REDIS_URL,
        'canary%2Fpassword',
        'canary/password',
        'https://rpc.example/v3/canary0123456789abcdef',
        'canary0123456789abcdef',
        'canaryfedcba9876543210',
        `0x${canaries.DEPLOYER_PRIVATE_KEY.toLowerCase()}`,
        canaries.DEPLOYER_PRIVATE_KEY.toLowerCase(),
        canaries.OPS_API_TOKEN,
        canaries.OPS_API_READ_TOKEN,
      ]),
    );
  });

  it('stay out of the refusal', () => {
    const error = refusal({ ...canaries, REDIS_URL: 'redis:/canary', DEPLOYER_PRIVATE_KEY: 'canary', PORT: 'canary' });
    expect(error.problems).toHaveLength(3);
    expect(`${error.message} ${JSON.stringify(error)} ${inspect(error)}`).not.toContain('canary');
  });
});

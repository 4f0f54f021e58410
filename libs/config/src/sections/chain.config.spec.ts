import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ChainConfig } from './chain.config.js';
import { secretsOf } from '../env/config-base.js';
import type { Environment } from '../env/environment.js';
import { loadConfig } from '../env/load-config.js';
import { networkSettings } from './network-settings.js';
import { NETWORKS } from './networks.js';

const TWO = 'https://rpc.example.org,https://node.example.net';

const chain = (environment: Environment): ChainConfig =>
  loadConfig({ CHAIN_ID: '1', ...environment }, [ChainConfig]).get(ChainConfig);

describe('ChainConfig', () => {
  it('takes a name for each endpoint', () => {
    expect(chain({ WEB3_PROVIDER_URL: TWO, RPC_NAMES: 'main, own.node_2' }).rpcNames).toEqual(['main', 'own.node_2']);
  });

  it.each(['same,same', 'with blank,b', 'https://a,b', ',b', 'x'.repeat(33)])('refuses the names %s', (names) => {
    expect(() => chain({ WEB3_PROVIDER_URL: TWO, RPC_NAMES: names })).toThrow(
      'RPC_NAMES must be comma-separated names',
    );
  });

  it.each(['one', 'one,two,three'])('refuses %s for two endpoints', (names) => {
    expect(() => chain({ WEB3_PROVIDER_URL: TWO, RPC_NAMES: names })).toThrow(
      'RPC_NAMES must hold as many names as WEB3_PROVIDER_URL has endpoints',
    );
  });

  it('waits for sends and calls as long as for reads, unless told otherwise', () => {
    expect(chain({ RPC_TIMEOUT: '3', RPC_CALL_TIMEOUT: '7' })).toMatchObject({
      rpcTimeoutMs: 3_000,
      rpcSendTimeoutMs: 3_000,
      rpcCallTimeoutMs: 7_000,
      rpcLogsTimeoutMs: 20_000,
    });
  });

  it('tips what geth asks for at least, but no more than the maximum', () => {
    expect(chain({}).minPriorityFeePerGas).toBe(1_000_000n);
    expect(chain({ MAX_PRIORITY_FEE_PER_GAS_GWEI: '0' }).minPriorityFeePerGas).toBe(0n);
    const fees = { MIN_PRIORITY_FEE_PER_GAS_GWEI: '3', MAX_PRIORITY_FEE_PER_GAS_GWEI: '2' };
    expect(() => chain(fees)).toThrow('MIN_PRIORITY_FEE_PER_GAS_GWEI must not be above MAX_PRIORITY_FEE_PER_GAS_GWEI');
  });

  it('complains about a bad RPC_TIMEOUT once', () => {
    expect(() => chain({ RPC_TIMEOUT: 'soon' })).toThrow(/^[^]*RPC_TIMEOUT must be(?![^]*RPC_SEND_TIMEOUT)/);
  });

  it.each([
    ['1', undefined, 'ethereum'],
    ['137', undefined, 'polygon'],
    ['31337', undefined, 'hardhat'],
    ['31337', 'localhost', 'localhost'],
    ['1337', undefined, 'localhost'],
    ['11155111', 'ethereum', 'ethereum'],
    ['1', 'our-mainnet', 'ethereum'],
  ])("names chain %s in Hokusai's form of the events, with NETWORK_NAME=%s: %s", (CHAIN_ID, NETWORK_NAME, name) => {
    expect(chain({ CHAIN_ID, NETWORK_NAME }).hokusaiNetwork).toBeNull();
    expect(chain({ CHAIN_ID, NETWORK_NAME, DEPLOYED_EVENT_FORMAT: 'hokusai' }).hokusaiNetwork).toBe(name);
  });

  it("refuses Hokusai's form of the events for a chain that its readers have no name for", () => {
    expect(() => chain({ CHAIN_ID: '11155111', DEPLOYED_EVENT_FORMAT: 'hokusai' })).toThrow(
      "DEPLOYED_EVENT_FORMAT must be full: Hokusai's readers have no name for chain 11155111. " +
        'Or set NETWORK_NAME to the name that events shall carry: ethereum, polygon, localhost, hardhat',
    );
  });

  it('takes the values of a network from its preset', () => {
    expect(chain({ CHAIN_ID: '137' })).toMatchObject({
      networkName: 'polygon',
      explorerUrl: 'https://polygonscan.com',
      blockTimeMs: 2_000,
      confirmations: 'finalized',
      minPriorityFeePerGas: 30_000_000_000n,
      maxPriorityFeePerGas: 200_000_000_000n,
      maxFeePerGas: 1_000_000_000_000n,
      rpcMaxLagBlocks: 30,
    });
  });

  it('prefers the environment to the preset', () => {
    const overridden = chain({
      CHAIN_ID: '137',
      NETWORK_NAME: 'pos',
      EXPLORER_URL: 'none',
      BLOCK_TIME: '1.5',
      CONFIRMATIONS: '64',
      MIN_PRIORITY_FEE_PER_GAS_GWEI: '26',
      MAX_PRIORITY_FEE_PER_GAS_GWEI: '50',
      MAX_FEE_PER_GAS_GWEI: '300',
      RPC_MAX_LAG_BLOCKS: '7',
    });
    expect(overridden).toMatchObject({
      networkName: 'pos',
      explorerUrl: null,
      blockTimeMs: 1_500,
      confirmations: 64,
      minPriorityFeePerGas: 26_000_000_000n,
      maxPriorityFeePerGas: 50_000_000_000n,
      maxFeePerGas: 300_000_000_000n,
      rpcMaxLagBlocks: 7,
    });
  });

  it('allows a minute of lag where blocks are fast', () => {
    expect(chain({ CHAIN_ID: '42161' }).rpcMaxLagBlocks).toBe(240);
    expect(chain({ CHAIN_ID: '424242', BLOCK_TIME: '3' }).rpcMaxLagBlocks).toBe(20);
    expect(chain({ CHAIN_ID: '1' }).rpcMaxLagBlocks).toBe(5);
  });

  it.each(NETWORKS.map(({ title, chainId }) => [title, chainId] as const))('accepts the preset of %s', (_, chainId) => {
    expect(() => chain({ CHAIN_ID: String(chainId) })).not.toThrow();
  });

  it('has one preset for each chain id and name', () => {
    expect(new Set(NETWORKS.map(({ chainId }) => chainId)).size).toBe(NETWORKS.length);
    expect(new Set(NETWORKS.map(({ name }) => name)).size).toBe(NETWORKS.length);
  });

  it('says where each value comes from', () => {
    expect(networkSettings(chain({ CHAIN_ID: '56', CONFIRMATIONS: '15' }))).toEqual({
      preset: 'BNB Smart Chain',
      settings: {
        NETWORK_NAME: { value: 'bsc', from: 'preset' },
        EXPLORER_URL: { value: 'https://bscscan.com', from: 'preset' },
        BLOCK_TIME: { value: '0.45', from: 'preset' },
        CONFIRMATIONS: { value: '15', from: 'environment' },
        FEE_STYLE: { value: 'eip1559', from: 'preset' },
        MAX_FEE_PER_GAS_GWEI: { value: '200', from: 'default' },
        MAX_PRIORITY_FEE_PER_GAS_GWEI: { value: '5', from: 'preset' },
        MIN_PRIORITY_FEE_PER_GAS_GWEI: { value: '0.05', from: 'preset' },
      },
    });
    expect(networkSettings(chain({ CHAIN_ID: '424242' }))).toMatchObject({
      preset: null,
      settings: {
        NETWORK_NAME: { value: 'chain-424242', from: 'default' },
        EXPLORER_URL: { value: null, from: 'default' },
      },
    });
  });

  it('takes headers by endpoint, and hides each value', () => {
    const config = chain({
      WEB3_PROVIDER_URL: TWO,
      RPC_HEADERS:
        '{"rpc-2":{"Authorization":"Bearer header-canary"},"*":{"x-api-key":"key-canary","x-team":"tokens"}}',
    });
    expect(config.rpcHeaders).toEqual({
      'rpc-2': { authorization: 'Bearer header-canary' },
      '*': { 'x-api-key': 'key-canary', 'x-team': 'tokens' },
    });
    expect(secretsOf(config)).toEqual(expect.arrayContaining(['header-canary', 'key-canary']));
    expect(secretsOf(config)).not.toContain('tokens');
    expect(JSON.stringify(config) + inspect(config)).not.toContain('canary');
  });

  it.each([
    'no json',
    '[]',
    '{"rpc-1":1}',
    '{"rpc-1":{"a b":"c"}}',
    '{"rpc-1":{"a":"b\\nc"}}',
    '{"rpc-1":{"host":"b"}}',
  ])('refuses the headers %s and does not repeat them', (headers) => {
    expect(() => chain({ RPC_HEADERS: headers })).toThrow(/RPC_HEADERS must be a JSON object of endpoint names/);
  });

  it('refuses headers of an endpoint that does not exist', () => {
    expect(() => chain({ WEB3_PROVIDER_URL: TWO, RPC_HEADERS: '{"rpc-3":{}}' })).toThrow(
      'RPC_HEADERS must name endpoints of RPC_NAMES, rpc-1 and so on, or *',
    );
  });

  it('takes endpoints of HTTP and WebSocket in one list', () => {
    const urls = ['wss://a.example.org/ws', 'https://b.example.org', 'ws://c.example.org:8546'];
    expect(chain({ WEB3_PROVIDER_URL: urls.join(', ') }).rpcUrls).toEqual(urls);
    expect(() => chain({ WEB3_PROVIDER_URL: 'ftp://a.example.org' })).toThrow('WEB3_PROVIDER_URL');
  });
});

describe("a variable of Hokusai's contract-deployer", () => {
  it.each([
    ['RPC_URL', 'WEB3_PROVIDER_URL', 'https://user:secret@rpc.example'],
    ['CONFIRMATION_BLOCKS', 'CONFIRMATIONS', '2'],
    ['MAX_GAS_PRICE_GWEI', 'MAX_FEE_PER_GAS_GWEI', '500'],
  ])('%s stops the start unless %s is set', (peer, own, value) => {
    const environment = { CHAIN_ID: '1', [peer]: value };
    const load = (changes = {}) => loadConfig({ ...environment, ...changes }, [ChainConfig]);
    expect(() => load()).toThrow(`${peer} is a variable of Hokusai's contract-deployer: set ${own} instead`);
    expect(() => load()).not.toThrow(/secret/);
    expect(() => load({ [own]: peer === 'RPC_URL' ? 'https://rpc.example' : value })).not.toThrow();
  });
});

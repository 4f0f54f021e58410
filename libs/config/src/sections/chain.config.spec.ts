import { describe, expect, it } from 'vitest';
import { ChainConfig } from './chain.config.js';
import type { Environment } from '../env/environment.js';
import { loadConfig } from '../env/load-config.js';

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
});

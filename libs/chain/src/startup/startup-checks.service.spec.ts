import { Logger } from '@nestjs/common';
import { toQuantity } from 'ethers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChainConfig } from '#config';
import { StartupError } from '#core';
import { Metrics } from '#telemetry';
import { UnusedBackend } from '../../../../test/support/fakes/unused-backend.js';
import { ANVIL_ACCOUNTS } from '../../../../test/support/chain/anvil.js';
import { MockRpcError, MockRpcNode } from '../../../../test/support/rpc/mock-rpc-node.js';
import { StartupChecks } from './startup-checks.service.js';
import { addressOfKey } from '#signing';
import { ChainReader } from '../rpc/chain-reader.js';
import { JsonRpcEndpoint } from '../rpc/transport/json-rpc-endpoint.js';
import { RpcUnavailableError } from '../rpc/rpc.errors.js';
import { RpcPool } from '../rpc/pool/rpc-pool.js';

const KEYS = [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`] as const;

const refuseClientVersion = (): never => {
  throw new MockRpcError(-32601, 'the method does not exist');
};

/** Passes every check and records the signers. */
class PassingBackend extends UnusedBackend {
  checked: readonly string[] | null = null;

  override async checkAtStartup(signers: readonly string[]): Promise<void> {
    this.checked = signers;
  }
}

describe('StartupChecks', () => {
  let node: MockRpcNode;
  let backend: PassingBackend;
  beforeEach(async () => {
    Logger.overrideLogger(false);
    node = await MockRpcNode.start({ eth_chainId: () => '0x2105', eth_getCode: () => '0x' });
    backend = new PassingBackend();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await node.stop();
  });

  const run = async (keys: readonly string[], chainId = 8453, checked: readonly string[] = []): Promise<void> => {
    const pool = new RpcPool([new JsonRpcEndpoint('rpc-1', node.url, 60_000)], new Metrics());
    const checks = new StartupChecks(new ChainReader(pool), backend, Object.assign(new ChainConfig(), { chainId }));
    await checks.run(
      keys.map((key) => addressOfKey(key)),
      checked,
    );
  };

  it('pass every signer to the backend on a valid chain', async () => {
    await run(KEYS);
    expect(backend.checked).toEqual(KEYS.map((key) => addressOfKey(key)));
  });

  it('reject a signer that is configured twice', async () => {
    const error: unknown = await run([KEYS[0], KEYS[1], KEYS[0]]).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(StartupError);
    const address = addressOfKey(KEYS[0]);
    expect(error).toHaveProperty(
      'message',
      `two signers of DEPLOYER_PRIVATE_KEY or DEPLOYER_SIGNERS have the address ${address}`,
    );
    expect(backend.checked).toBeNull();
  });

  it('reject a signer that another one has replaced before, and check no other again', async () => {
    const [first, second] = [addressOfKey(KEYS[0]), addressOfKey(KEYS[1])];
    await expect(run([KEYS[0]], 8453, [first, second])).rejects.toThrow(`have the address ${first}`);
    await run([KEYS[0]], 8453, [second]);
    expect(backend.checked).toEqual([first]);
  });

  describe('of a key that is published with development nodes', () => {
    const [{ privateKey, address }] = ANVIL_ACCOUNTS;
    const runOn = async (chainId: number, clientVersion: () => unknown): Promise<void> => {
      node.methods = { ...node.methods, eth_chainId: () => toQuantity(chainId), web3_clientVersion: clientVersion };
      await run([KEYS[0], privateKey], chainId);
    };

    it.each([
      ['says that it is geth', () => 'Geth/v1.17.10-stable/linux-amd64/go1.25'],
      ['does not say what it is', refuseClientVersion],
    ])('reject it on a public network when the node %s', async (_what, clientVersion) => {
      await expect(runOn(8453, clientVersion)).rejects.toThrow(
        `the private key of ${address} is published with anvil and Hardhat, and CHAIN_ID 8453 is a public network: ` +
          'set DEPLOYER_PRIVATE_KEY or DEPLOYER_SIGNERS to a key of your own',
      );
      expect(backend.checked).toBeNull();
    });

    it.each([
      ['a simulation of a public network', 8453, () => 'anvil/v1.7.1'],
      ['a development chain', 31_337, refuseClientVersion],
    ])('accept it on %s', async (_what, chainId, clientVersion) => {
      const warn = vi.spyOn(Logger.prototype, 'warn');
      await runOn(chainId, clientVersion);
      expect(backend.checked).toEqual([addressOfKey(KEYS[0]), address]);
      expect(warn).not.toHaveBeenCalled();
    });

    it('warn of it on a chain without a preset', async () => {
      const warn = vi.spyOn(Logger.prototype, 'warn');
      await runOn(4242, () => 'besu/v26.1');
      const event = 'startup.published_key';
      expect(warn).toHaveBeenCalledWith(expect.objectContaining({ event, signer: address, chain_id: 4242 }));
    });
  });

  it('reject a wrong chain id before any other request', async () => {
    await expect(run(KEYS, 1)).rejects.toThrow('CHAIN_ID is 1, but the endpoint rpc-1 serves chain 8453');
    expect(node.calls.map(({ method }) => method)).toEqual(['eth_chainId']);
  });

  it('reject one endpoint of several with a wrong chain id', async () => {
    const wrongChain = await MockRpcNode.start({ eth_chainId: () => '0x1' });
    const endpoints = [node, wrongChain].map(({ url }, index) => new JsonRpcEndpoint(`rpc-${index + 1}`, url, 60_000));
    const reader = new ChainReader(new RpcPool(endpoints, new Metrics()));
    const checks = new StartupChecks(reader, backend, Object.assign(new ChainConfig(), { chainId: 8453 }));

    await expect(checks.run([])).rejects.toThrow('CHAIN_ID is 8453, but the endpoint rpc-2 serves chain 1');
    await wrongChain.stop();
  });

  it('fail with RpcUnavailableError while no endpoint answers', async () => {
    node.failAll();
    await expect(run(KEYS)).rejects.toBeInstanceOf(RpcUnavailableError);
  });
});

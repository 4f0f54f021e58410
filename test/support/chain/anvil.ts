import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TestProcess } from '../process/test-process.js';
import { createServerLocation, type ServerLocation } from '../process/local-server.js';
import { EvmNode } from './evm-node.js';

/** First of the accounts that anvil derives from its public default mnemonic. */
export const ANVIL_ACCOUNTS = [
  {
    address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    privateKey: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  },
  {
    address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    privateKey: '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  },
  {
    address: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
    privateKey: '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
  },
] as const;

/**
 * A separate EVM node (chain id 31337), on a free port. Its chain is gone when it is halted, unless `--state` is among
 * the args.
 */
export class Anvil extends EvmNode {
  /** @param args further settings, such as `['--block-time', '1']`; instant mining without */
  static async start(args: readonly string[] = []): Promise<Anvil> {
    const node = new Anvil('anvil', await createServerLocation('anvil'), (place) => spawnAnvil(place, args));
    await node.waitUntilReady();
    return node;
  }
}

// anvil keeps the state of every block on disk: without --prune-history it fills it, and a bare one breaks anvil_reorg.
function spawnAnvil({ port, folder }: ServerLocation, args: readonly string[]): TestProcess {
  return new TestProcess(
    anvilBinary(),
    [
      '--port',
      String(port),
      '--host',
      '127.0.0.1',
      '--quiet',
      '--prune-history',
      '256',
      '--cache-path',
      folder,
      ...args,
    ],
    { env: { ...process.env, HOME: folder } },
  );
}

/** The npm package holds anvil for Linux on x64 only; elsewhere it is named by `ANVIL` or found on PATH. */
export function anvilBinary(): string {
  const named = process.env['ANVIL'];
  if (named !== undefined) return named;
  try {
    const manifest = createRequire(import.meta.url).resolve('@foundry-rs/anvil-linux-amd64/package.json');
    return join(dirname(manifest), 'bin', 'anvil');
  } catch {
    throw new Error('npm has no anvil for this platform: install Foundry and name its anvil in the variable ANVIL');
  }
}

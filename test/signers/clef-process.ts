import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { encryptKeystoreJson, Wallet } from 'ethers';
import { freePort } from '../support/network/free-port.js';
import { until } from '../support/until.js';

/** Password of every account. */
export const CLEF_PASSWORD = 'a password of clef';

/** Transaction as clef shows it to its user. */
type ShownTransaction = Readonly<Record<string, unknown>>;

interface UiRequest {
  readonly id?: number;
  readonly method?: string;
  readonly params?: readonly { readonly transaction?: ShownTransaction }[];
}

/** geth's clef. This process is its user: it approves over clef's UI protocol, and may alter what is signed. */
export class ClefProcess {
  /** What the user does with a transaction. */
  decide: (transaction: ShownTransaction) => ShownTransaction | null = (transaction) => transaction;

  private constructor(
    readonly folder: string,
    private readonly port: number,
    private readonly child: ChildProcessWithoutNullStreams,
  ) {
    createInterface({ input: child.stdout }).on('line', (line) => this.answer(JSON.parse(line) as UiRequest));
  }

  /** @param privateKeys keys of the accounts that clef has */
  static async start(chainId: number, privateKeys: readonly string[]): Promise<ClefProcess> {
    const program = process.env['CLEF'];
    if (program === undefined) throw new Error('CLEF must name a clef program: npm run test:signers builds one');
    const folder = await mkdtemp(join(tmpdir(), 'clef-'));
    const keystore = join(folder, 'keystore');
    const port = await freePort();
    await mkdir(keystore);
    for (const key of privateKeys) await addAccount(keystore, key);
    const own = ['--advanced', '--suppress-bootwarn', '--stdio-ui', '--lightkdf', '--nousb', '--configdir', folder];
    const places = ['--keystore', keystore, '--auditlog', join(folder, 'audit.log'), '--chainid', String(chainId)];
    const http = ['--http', '--http.addr', '127.0.0.1', '--http.port', String(port), '--ipcpath', folder];
    const child = spawn(program, [...own, ...places, ...http], { env: { HOME: folder, PATH: process.env['PATH'] } });
    child.stderr.resume();
    const clef = new ClefProcess(folder, port, child);
    await until('clef to have its socket', async () => (await readdir(folder)).includes('clef.ipc'));
    return clef;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get socket(): string {
    return join(this.folder, 'clef.ipc');
  }

  /** Has clef make an account, in geth's keystore. Returns the path of its file. */
  async createAccount(): Promise<string> {
    const folder = join(this.folder, 'keystore');
    const before = new Set(await readdir(folder).catch(() => []));
    this.write({ jsonrpc: '2.0', id: 1_000_000, method: 'clef_new', params: [] });
    const added = await until('clef to have a new account', async () => {
      const files = await readdir(folder).catch(() => []);
      return files.find((name) => name.startsWith('UTC--') && !before.has(name));
    });
    return join(folder, added);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => {
      this.child.once('close', resolve);
    });
    this.child.kill('SIGKILL');
    await ended;
    await rm(this.folder, { recursive: true });
  }

  private answer({ id, method, params }: UiRequest): void {
    if (id === undefined || method === undefined) return;
    this.write({ jsonrpc: '2.0', id, result: this.resultOf(method, params?.[0]?.transaction ?? {}) });
  }

  private resultOf(method: string, transaction: ShownTransaction): unknown {
    if (method === 'ui_onInputRequired') return { text: CLEF_PASSWORD };
    if (method !== 'ui_approveTx') return { approved: true };
    const decided = this.decide(transaction);
    return { approved: decided !== null, transaction: decided ?? transaction };
  }

  private write(message: unknown): void {
    this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }
}

async function addAccount(keystore: string, privateKey: string): Promise<void> {
  const { address } = new Wallet(privateKey);
  const scrypt = { N: 4096, r: 8, p: 6 };
  const json = await encryptKeystoreJson({ address, privateKey }, CLEF_PASSWORD, { scrypt });
  await writeFile(join(keystore, `UTC--${address.slice(2).toLowerCase()}`), json);
}

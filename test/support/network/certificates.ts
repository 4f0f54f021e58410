import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate with its key: files of a folder, and their content in PEM. */
export interface Identity {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** A private certificate authority, created with `openssl` in a folder that is removed with it. */
export class CertificateAuthority {
  private constructor(
    private readonly folder: string,
    readonly identity: Identity,
  ) {}

  static async create(): Promise<CertificateAuthority> {
    const folder = await mkdtemp(join(tmpdir(), 'certificates-'));
    const files = filesOf(folder, 'ca');
    await run('openssl', ['req', '-x509', ...CURVE, '-days', '2', '-subj', '/CN=ca', ...outputs(files)]);
    return new CertificateAuthority(folder, await read(files));
  }

  /** @param name DNS name in the certificate */
  async issue(name: string): Promise<Identity> {
    const files = filesOf(this.folder, name);
    const request = join(this.folder, `${name}.csr`);
    const extensions = join(this.folder, `${name}.ext`);
    await run('openssl', ['req', ...CURVE, '-subj', `/CN=${name}`, '-keyout', files.keyFile, '-out', request]);
    await writeFile(extensions, `subjectAltName=DNS:${name}\n`);
    const { certFile, keyFile } = this.identity;
    const signer = ['-CA', certFile, '-CAkey', keyFile, '-days', '2', '-set_serial', serial()];
    await run('openssl', ['x509', '-req', '-in', request, ...signer, '-extfile', extensions, '-out', files.certFile]);
    return await read(files);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** By chance: openssl's own counter is a file, on which two that sign at a time fail. */
function serial(): string {
  return `0x${randomBytes(8).toString('hex')}`;
}

type Files = Pick<Identity, 'certFile' | 'keyFile'>;

function filesOf(folder: string, name: string): Files {
  return { certFile: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) };
}

function outputs({ certFile, keyFile }: Files): string[] {
  return ['-keyout', keyFile, '-out', certFile];
}

async function read(files: Files): Promise<Identity> {
  return {
    ...files,
    cert: await readFile(files.certFile, 'utf8'),
    key: await readFile(files.keyFile, 'utf8'),
  };
}

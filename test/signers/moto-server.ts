import { createServerLocation, LocalServer, type ServerLocation } from '../support/process/local-server.js';
import { pythonEnvironment } from '../support/process/python-environment.js';
import { TestProcess } from '../support/process/test-process.js';

/** AWS KMS of moto, with its own keys. */
export class MotoServer extends LocalServer {
  /** @param args `--hash-again`: signs the digest of the digest, as moto does by itself */
  static async start(args: readonly string[] = []): Promise<MotoServer> {
    const { program, env } = await pythonEnvironment('test/signers/requirements.txt');
    const place = await createServerLocation('moto');
    const launch = ({ port }: ServerLocation): TestProcess =>
      new TestProcess(program, ['test/signers/moto_server.py', '-H', '127.0.0.1', '-p', String(port), ...args], {
        env,
      });
    const server = new MotoServer('moto', place, launch);
    await server.waitUntilReady();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  protected override async probe(): Promise<unknown> {
    const { ok } = await fetch(`${this.url}/moto-api/`);
    return ok;
  }
}

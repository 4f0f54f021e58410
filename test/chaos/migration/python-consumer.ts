import { TestProcess } from '../../support/process/test-process.js';
import type { ForeignConsumer } from './foreign-consumer.js';

const PROGRAM = 'test/chaos/migration/guide_consumer.py';

/** The guide's consumer as a process of Python. */
export class PythonConsumer implements ForeignConsumer {
  private readonly child: TestProcess;
  private ending = false;

  constructor(port: number, queue: string) {
    this.child = new TestProcess(process.env['PYTHON'] ?? 'python3', [PROGRAM, String(port), queue], {
      env: process.env,
    });
    void this.child.exit.then((code) => {
      if (!this.ending)
        process.stderr.write(`The Python consumer ended with exit code ${code}:\n${this.child.output}\n`);
    });
  }

  /** @throws Error when there is no Python 3 */
  static async requirePython(): Promise<void> {
    const python = new TestProcess(process.env['PYTHON'] ?? 'python3', [
      '-c',
      'import sys; assert sys.version_info >= (3, 8)',
    ]);
    if ((await python.exit) === 0) return;
    throw new Error('Python 3.8 or newer is needed: install it as `python3`, or name its program in PYTHON.');
  }

  async stop(): Promise<void> {
    this.ending = true;
    await this.child.stop('SIGTERM');
  }

  async kill(): Promise<void> {
    this.ending = true;
    await this.child.stop('SIGKILL');
  }
}

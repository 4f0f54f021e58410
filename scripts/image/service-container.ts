import { freePort } from '../../test/support/network/free-port.js';
import { until } from '../../test/support/until.js';
import { Container } from './container.js';
import type { Image } from './image.js';
import type { ImageEnvironment } from './image-environment.js';

/** A container of the service that was ready, and where it listens. */
export interface ServiceContainer {
  readonly container: Container;
  readonly url: string;
}

/**
 * @param env what the service is told beside the surroundings
 * @throws Error with all that the container printed, when it does not become ready
 */
export async function startService(
  { tree, user, env }: Image,
  around: ImageEnvironment,
  command: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<ServiceContainer> {
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const all = { ...env, ...around.env, ...more, PORT: port };
  const container = new Container(tree, user, command, { env: all, secrets: around.secrets });
  await until('the container to be ready', () => isReady(container, url)).catch(async (error: unknown) => {
    await container.stop('SIGKILL');
    throw new Error(`the container is not ready:\n${container.output}`, { cause: error });
  });
  return { container, url };
}

/** Runs one of the image's other commands to its end. */
export async function runCommand(
  { tree, user, env }: Image,
  around: ImageEnvironment,
  command: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const container = new Container(tree, user, command, {
    env: { ...env, ...around.env, ...more },
    secrets: around.secrets,
  });
  const code = await container.exit;
  return { code, output: container.output };
}

async function isReady(container: Container, url: string): Promise<boolean> {
  if (!container.running) throw new Error('it has ended');
  return (await fetch(`${url}/health/ready`)).status === 200;
}

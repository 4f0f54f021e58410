// `npm run check:cluster -- --context NAME --image REPOSITORY:TAG`: follows docs/deployment.md in a new namespace of the given
// cluster: install, first token, upgrade and failures under load, loss of Redis, uninstall.
import { freePort } from '../test/support/network/free-port.js';
import { ProducerClient } from '../test/support/redis/producer-client.js';
import { FactoryTokenReader } from '../test/support/chain/factory-token-reader.js';
import { chartTools, type ChartTools } from './chart/tools.js';
import { Checklist } from './checks/checklist.js';
import { checkFailover } from './cluster/check-failover.js';
import { checkDrain } from './cluster/check-drain.js';
import { checkInstallation } from './cluster/check-installation.js';
import { checkRecovery } from './cluster/check-recovery.js';
import { checkUninstallation } from './cluster/check-uninstallation.js';
import { checkUpgrade } from './cluster/check-upgrade.js';
import { checkExamples } from './cluster/examples.js';
import { createSecret, deployContracts } from './cluster/follow-guide.js';
import { Namespace } from './cluster/namespace.js';
import { clusterOptions, type ClusterOptions } from './cluster/cluster-options.js';
import { ANVIL_PORT, platform, REDIS_PORT } from './cluster/platform.js';
import { PortForward } from './cluster/port-forward.js';
import { Release } from './cluster/release.js';
import { Traffic } from './cluster/traffic.js';
import { waitForSignal } from './quickstart/wait-for-signal.js';

const list = new Checklist();

try {
  const options = clusterOptions(process.argv.slice(2));
  const tools = await chartTools();
  const namespace = await Namespace.create(tools, options.context);
  console.log(`Checking in the namespace ${namespace.name} …`);
  try {
    const asked = waitForSignal().then(() => {
      throw new Error('asked to stop');
    });
    await Promise.race([checkAll(namespace, tools, options), asked]);
  } catch (error) {
    console.log(await namespace.report());
    throw error;
  } finally {
    await namespace.delete();
  }
} catch (error) {
  list.check('the check comes to its end', false, error instanceof Error ? error.message : error);
}
console.log(list.summary);
process.exit(list.passed ? 0 : 1);

async function checkAll(namespace: Namespace, tools: ChartTools, options: ClusterOptions): Promise<void> {
  await namespace.submit(await platform(tools, options), 'apply');
  for (const name of ['redis', 'anvil']) {
    await namespace.kubectl('rollout', 'status', `deployment/${name}`, '--timeout', '180s');
  }
  await createSecret(namespace);
  const config = await deployContracts(namespace, tools, options.image);
  list.check('the job deploys the contracts', /^0x\w{40}$/.test(config['FACTORY_ADDRESS'] ?? ''), config);

  const redis = await PortForward.open(namespace, 'redis', REDIS_PORT);
  const anvil = await PortForward.open(namespace, 'anvil', ANVIL_PORT);
  const queue = ProducerClient.connect(`redis://127.0.0.1:${redis.port}`);
  const chain = new FactoryTokenReader(`http://127.0.0.1:${anvil.port}`, config['FACTORY_ADDRESS'] ?? '');
  const traffic = new Traffic(queue, chain);
  const release = new Release(namespace, options.image, config, await freePort());
  try {
    await checkInstallation(list, namespace, release, traffic);
    await checkUpgrade(list, namespace, release, traffic);
    await checkFailover(list, namespace, traffic);
    await checkRecovery(list, { namespace, tools, image: options.image, release, traffic, queue });
  } finally {
    queue.close();
    chain.close();
    await redis.close();
    await anvil.close();
  }
  await checkDrain(list, namespace);
  await checkUninstallation(list, namespace, release);
  await checkExamples(list, namespace);
}

import type { Checklist } from '../checks/checklist.js';
import type { Image } from './image.js';
import { changeablePaths, needlessPackages, packageManagers, sizeOf } from './image-tree.js';

const LIMIT_BYTES = 250e6;
const LABELS = ['title', 'description', 'licenses', 'version', 'revision'];

/** What can be seen of an image without running it. */
export async function checkFiles(list: Checklist, image: Image): Promise<void> {
  const { tree, labels } = image;
  list.check('the image asks for user and group 1000', image.user === '1000:1000', image.user);
  list.check('tini is its first process', image.entrypoint[0]?.endsWith('/tini') === true, image.entrypoint);
  list.check('its command needs no shell', image.command[0] === 'node', image.command);
  const missing = LABELS.filter((name) => !labels[`org.opencontainers.image.${name}`]);
  list.check('it has the labels of OCI', missing.length === 0, missing);
  const changeable = [...(await changeablePaths(tree, 'app')), ...(await changeablePaths(tree, 'usr/local/bin'))];
  list.check('all its files belong to root, and only root may change them', changeable.length === 0, changeable);
  const managers = await packageManagers(tree);
  list.check('there is no npm in it', managers.length === 0, managers);
  const needless = await needlessPackages(tree);
  list.check('there is no package in it for development or optional', needless.length === 0, needless);
  const size = await sizeOf(tree, 'app');
  list.check(`it adds ${Math.round(size / 1e6)} MB to its base, less than 250`, size < LIMIT_BYTES, size);
}

import type { Checklist } from '../checks/checklist.js';
import type { Image } from './image.js';
import { billOfMaterials } from './bill-of-materials.js';
import { writablePaths, unneededPackages, packageManagers, packagesOf, sizeOf, unexpectedFiles } from './image-tree.js';

const LIMIT_BYTES = 250e6;

/** What can be seen of an image without running it. */
export async function checkFiles(list: Checklist, image: Image): Promise<void> {
  const { tree, labels } = image;
  list.check('the image asks for user and group 1000', image.user === '1000:1000', image.user);
  list.check('tini is its first process', image.entrypoint[0]?.endsWith('/tini') === true, image.entrypoint);
  list.check('its command needs no shell', image.command[0] === 'node', image.command);
  const wrong = Object.entries(image.expectedLabels).filter(([name, value]) => labels[name] !== value);
  list.check('it has the labels of OCI, with what the build was told', wrong.length === 0, wrong);
  const changeable = [...(await writablePaths(tree, 'app')), ...(await writablePaths(tree, 'usr/local/bin'))];
  list.check('all its files belong to root, and only root may change them', changeable.length === 0, changeable);
  const managers = await packageManagers(tree);
  list.check('there is no npm in it', managers.length === 0, managers);
  const needless = await unneededPackages(tree);
  list.check('there is no package in it for development or optional', needless.length === 0, needless);
  const billed = difference(await packagesOf(tree), await billOfMaterials());
  list.check('its packages are those of the bill of materials', billed.length === 0, billed);
  const stray = await unexpectedFiles(tree);
  list.check('beside them it holds the licence, the manifest and compiled sources', stray.length === 0, stray);
  const size = await sizeOf(tree, 'app');
  list.check(`it adds ${Math.round(size / 1e6)} MB to its base, less than 250`, size < LIMIT_BYTES, size);
}

/** What is in one of the lists and not in the other. */
function difference(one: readonly string[], other: readonly string[]): string[] {
  return [...one.filter((it) => !other.includes(it)), ...other.filter((it) => !one.includes(it))];
}

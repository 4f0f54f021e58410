// `npm run check:image`: builds the Dockerfile, looks at the image, and runs it against a real Redis and a real chain.
import { join } from 'node:path';
import { Buildah } from './image/buildah.js';
import { checkContext } from './image/check-context.js';
import { checkFiles } from './image/check-files.js';
import { checkRun } from './image/check-run.js';
import { Checklist } from './checks/checklist.js';
import { buildImage } from './image/image.js';
import { ImageEnvironment } from './image/image-environment.js';

const list = new Checklist();

try {
  const buildah = await Buildah.open();
  try {
    await checkContext(list, buildah);
    console.log('Building the image …');
    const image = await buildImage(buildah);
    if (!image.builtOnOfficialBase) {
      list.skip(
        'the base image that the Dockerfile names',
        'its registry cannot be reached; a stand-in took its place',
      );
    }
    await checkFiles(list, image);
    const around = await ImageEnvironment.start(join(buildah.folder, 'secrets'), 1000);
    try {
      await checkRun(list, image, around);
    } finally {
      await around.stop();
    }
  } finally {
    await buildah.close();
  }
} catch (error) {
  list.check('the check comes to its end', false, error instanceof Error ? error.message : error);
}
console.log(list.summary);
process.exit(list.passed ? 0 : 1);

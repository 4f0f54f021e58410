import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SignerSource } from '#config';

/** Returns the paths of the files that the key of a source is read from. */
export function keyFilesOf(source: SignerSource): readonly string[] {
  if (source.kind === 'file') return [source.path];
  return source.kind === 'keystore' ? [source.path, source.passwordFile] : [];
}

/** Returns a digest of the content of files, so that the content itself is not kept. Null when one cannot be read. */
export async function digestFiles(paths: readonly string[]): Promise<string | null> {
  try {
    const digests = await Promise.all(paths.map(async (path) => sha256(await readFile(path))));
    return digests.join(' ');
  } catch {
    return null;
  }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

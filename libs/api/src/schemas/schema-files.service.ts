import { readdirSync, readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';

const FOLDER = new URL('../../../../schemas/', import.meta.url);

/** The committed schemas, read once: a request's path never reaches the file system. */
@Injectable()
export class SchemaFiles {
  private readonly texts: ReadonlyMap<string, string> = new Map(
    readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]),
  );

  /** @param name such as `dead-letter.json` */
  find(name: string): string | null {
    return this.texts.get(name) ?? null;
  }
}

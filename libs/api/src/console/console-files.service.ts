import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { Injectable } from '@nestjs/common';

const FOLDER = new URL('../../../../apps/console/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** One file of the console as a browser gets it. */
export interface ConsoleFile {
  readonly contentType: string;
  readonly text: string;
}

/** The files of the console, read once: a request's path never reaches the file system. */
@Injectable()
export class ConsoleFiles {
  private readonly files: ReadonlyMap<string, ConsoleFile> = new Map(
    readdirSync(FOLDER).flatMap((name): [string, ConsoleFile][] => {
      const contentType = TYPES[extname(name)];
      return contentType === undefined
        ? []
        : [[name, { contentType, text: readFileSync(new URL(name, FOLDER), 'utf8') }]];
    }),
  );

  /** @param name such as `main.js` */
  find(name: string): ConsoleFile | null {
    return this.files.get(name) ?? null;
  }
}

import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';

const UNSHARE = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];

/** A command that makes the one behind it process 1 of a namespace of its own; empty where that is not allowed. */
export function asInitProcess(): readonly string[] {
  const attempts = [UNSHARE, [...UNSHARE, '--user', '--map-root-user']];
  return attempts.find(([program = '', ...args]) => spawnSync(program, [...args, 'true']).status === 0) ?? [];
}

/** The only child of a process; null before there is one. */
export async function onlyChildOf(pid: number): Promise<number | null> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim() === '' ? null : Number(children.trim());
}

import { run } from '../checks/command.js';

interface Bill {
  readonly components: readonly { readonly name: string; readonly version: string }[];
}

/** Packages that `npm run sbom` names, as `name@version`. */
export async function billOfMaterials(): Promise<string[]> {
  const { stdout } = await run('npm', ['run', '--silent', 'sbom']);
  const bill: unknown = JSON.parse(stdout);
  if (!isBill(bill)) throw new Error('npm run sbom has printed no bill of materials');
  return bill.components.map(({ name, version }) => `${name}@${version}`);
}

function isBill(value: unknown): value is Bill {
  return typeof value === 'object' && value !== null && 'components' in value && Array.isArray(value.components);
}

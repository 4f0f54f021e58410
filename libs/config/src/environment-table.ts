import { type Variable, variablesOf } from './env.js';
import { TOPICS } from './topics.js';

/** The README's table of all variables, as Markdown. */
export function environmentTable(): string {
  const rows = TOPICS.flatMap((topic) => variablesOf(topic)).map(
    (variable) => `| \`${variable.name}\` | ${defaultText(variable)} | ${meaning(variable)} |`,
  );
  return ['| Variable | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultText({ default: fallback }: Variable): string {
  if (fallback === undefined) return '**required**';
  if (fallback === null) return '–';
  return typeof fallback === 'string' ? `\`${fallback}\`` : fallback.described;
}

function meaning({ description, secret, name }: Variable): string {
  return secret === true ? `${description} Secret; may come as \`${name}_FILE\`.` : description;
}

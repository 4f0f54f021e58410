import { type Variable, variablesOf } from './env.js';
import type { Choice } from './settings.js';
import { TOPICS } from './topics.js';

/** The README's table of all variables, as Markdown. */
export function environmentTable(): string {
  const rows = TOPICS.flatMap((topic) => variablesOf(topic).map((variable) => row(variable, topic.choice)));
  return ['| Variable | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function row(variable: Variable, choice: Choice | null): string {
  return `| \`${variable.name}\` | ${defaultText(variable, choice)} | ${meaning(variable)} |`;
}

function defaultText({ default: fallback }: Variable, choice: Choice | null): string {
  if (fallback === undefined) return choice ? `**required** with \`${choice.word}\`` : '**required**';
  if (fallback === null) return '–';
  return typeof fallback === 'string' ? `\`${fallback}\`` : fallback.described;
}

function meaning({ description, secret, name }: Variable): string {
  return secret === true ? `${description} Secret; may come as \`${name}_FILE\`.` : description;
}

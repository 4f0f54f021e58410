import { type Variable, variablesOfClass } from '../env/env.decorator.js';
import type { EnabledWhen } from '../env/config-base.js';
import { CONFIG_CLASSES } from '../sections/config-classes.js';

/** The README's table of all variables, as Markdown. */
export function environmentTable(): string {
  const rows = CONFIG_CLASSES.flatMap((topic) =>
    variablesOfClass(topic).map((variable) => row(variable, topic.enabledWhen)),
  );
  return ['| Variable | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function row(variable: Variable, enabledWhen: EnabledWhen | null): string {
  return `| \`${variable.name}\` | ${defaultText(variable, enabledWhen)} | ${meaning(variable)} |`;
}

function defaultText({ default: fallback }: Variable, enabledWhen: EnabledWhen | null): string {
  if (fallback === undefined) return enabledWhen ? `**required** with \`${enabledWhen.value}\`` : '**required**';
  if (fallback === null) return '–';
  return typeof fallback === 'string' ? `\`${fallback}\`` : fallback.described;
}

function meaning({ description, secret, name }: Variable): string {
  return secret === true ? `${description} Secret; may come as \`${name}_FILE\`.` : description;
}

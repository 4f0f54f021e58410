import { type Variable, variablesOfClass } from '../env/env.decorator.js';
import type { EnabledWhen } from '../env/config-base.js';
import { CONFIG_CLASSES } from '../sections/config-classes.js';

/** The README's table of all variables, as Markdown. */
export function environmentTable(): string {
  const rows = CONFIG_CLASSES.flatMap((topic) =>
    variablesOfClass(topic).map((variable) => {
      const { name, secret, description } = variable;
      const meaning = secret === true ? `${description} Secret; may come as \`${name}_FILE\`.` : description;
      return `| \`${name}\` | ${defaultText(variable, topic.enabledWhen)} | ${meaning} |`;
    }),
  );
  return ['| Variable | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultText({ default: fallback }: Variable, enabledWhen: EnabledWhen | null): string {
  if (fallback === undefined) return enabledWhen ? `**required** with \`${enabledWhen.value}\`` : '**required**';
  if (fallback === null) return '–';
  return typeof fallback === 'string' ? `\`${fallback}\`` : fallback.described;
}

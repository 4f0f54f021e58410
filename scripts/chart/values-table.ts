interface DocumentedValue {
  readonly path: string;
  readonly fallback: string;
  readonly meaning: string;
}

const KEY = /^(?<indent> *)(?<key>[\w-]+):(?<rest>.*)$/;

/** The README's table of all values, as Markdown, from the `# --` comments of values.yaml. */
export function valuesTable(yaml: string): string {
  const rows = documentedValues(yaml).map(
    ({ path, fallback, meaning }) => `| \`${path}\` | ${fallback} | ${meaning} |`,
  );
  return ['| Value | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Keys below the first that has no comment of its own, and that no documented one holds. */
export function undocumentedValues(yaml: string): readonly string[] {
  return read(yaml).undocumented;
}

function documentedValues(yaml: string): readonly DocumentedValue[] {
  return read(yaml).documented;
}

function read(yaml: string): { readonly documented: DocumentedValue[]; readonly undocumented: string[] } {
  const documented: DocumentedValue[] = [];
  const undocumented: string[] = [];
  const parents: string[] = [];
  let comment: string[] = [];
  let documentedDepth = Infinity;
  for (const line of yaml.split('\n')) {
    const text = /^ *# ?(?<text>.*)$/.exec(line)?.groups?.['text'];
    if (text !== undefined) {
      if (text.startsWith('-- ')) comment = [text.slice(3)];
      else if (comment.length > 0) comment.push(text);
      continue;
    }
    const { indent = '', key = '', rest = '' } = KEY.exec(line)?.groups ?? {};
    if (key === '') continue;
    const depth = indent.length / 2;
    parents.splice(depth, Infinity, key);
    if (depth > documentedDepth) continue;
    documentedDepth = Infinity;
    if (comment.length > 0) {
      documentedDepth = depth;
      documented.push({ path: parents.join('.'), fallback: shown(rest.trim()), meaning: comment.join(' ') });
      comment = [];
    } else if (rest.trim() !== '') undocumented.push(parents.join('.'));
  }
  return { documented, undocumented };
}

function shown(fallback: string): string {
  if (fallback === '') return 'see [values.yaml](values.yaml)';
  return fallback === "''" ? '–' : `\`${fallback}\``;
}

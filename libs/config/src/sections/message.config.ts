import { Env } from '../env/env.decorator.js';
import { type ConfigProblem, configProblems } from '../env/environment.js';
import { addressSet, identifier, modelIdPatterns, oneOf, optional } from '../env/env-parser.js';
import { ConfigBase } from '../env/config-base.js';

/** Who may send messages, and what they may ask for. */
export class MessageConfig extends ConfigBase {
  @Env('MESSAGE_SIGNATURES', {
    format: oneOf({ off: 'off', warn: 'warn', require: 'require' }),
    default: 'off',
    description:
      'Signatures of messages: `off` ignores them, `warn` logs and counts messages that `require` would dead-letter (docs/messages.md).',
  })
  readonly messageSignatures!: 'off' | 'warn' | 'require';

  @Env('MESSAGE_KEYS_FILE', {
    format: optional(identifier(4096)),
    default: null,
    description: "Path of the file with the producers' keys, budgets and allow lists; reloaded on change.",
    isSecretFile: true,
  })
  readonly messageKeysFile!: string | null;

  @Env('MODEL_ID_ALLOW', {
    format: optional(modelIdPatterns()),
    default: null,
    description:
      'Model ids that messages may ask for, comma-separated; `*` stands for any text. Others are dead-lettered. Default: any.',
  })
  readonly modelIdAllow!: readonly string[] | null;

  @Env('CONTRIBUTOR_ALLOW', {
    format: optional(addressSet()),
    default: null,
    description:
      'Addresses that messages may name as contributor or supplier recipient, comma-separated. Others are dead-lettered. Default: any.',
  })
  readonly contributorAllow!: ReadonlySet<string> | null;

  override crossFieldIssues(): readonly ConfigProblem[] {
    return configProblems([
      this.messageSignatures !== 'off' && this.messageKeysFile === null,
      'MESSAGE_KEYS_FILE',
      `is required with MESSAGE_SIGNATURES=${this.messageSignatures}`,
    ]);
  }
}

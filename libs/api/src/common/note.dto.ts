import { OptionalText, Text } from './fields.decorator.js';

const LONGEST = 1_000;

/** Body of a request that may say why. */
export class NoteDto {
  @OptionalText(LONGEST, 'why; goes into the audit record')
  note?: string;
}

/** Query of a DELETE that must say why: clients and proxies do not all send a body with it (RFC 9110, section 9.3.5). */
export class NoteQuery {
  @Text({ min: 1, max: LONGEST }, 'why; goes into the audit record')
  note = '';
}

/** Query of a DELETE that may say why. */
export class OptionalNoteQuery extends NoteDto {}

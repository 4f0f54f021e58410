import { IsOptional, IsString, Length, MaxLength } from 'class-validator';

/** Body of a request that may say why. */
export class NoteBody {
  /** Goes into the audit record. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  note?: string;
}

/** Query of a DELETE that must say why: clients and proxies do not all send a body with it (RFC 9110, section 9.3.5). */
export class NoteQuery {
  @IsString()
  @Length(1, 1000)
  note = '';
}

/** Query of a DELETE that may say why. */
export class OptionalNoteQuery extends NoteBody {}

import { IndicatedDto } from '../health/health.dto.js';
import { Shown, ShownByName, ShownList } from './shown.decorator.js';

/** A field that does not fit. */
export class FieldErrorDto {
  @Shown('text', 'path of the field')
  readonly field!: string;
  @Shown('texts', 'what it must be')
  readonly expectations!: readonly string[];
}

/** Every answer that is not the one the client asked for (RFC 9457). */
export class ProblemDto {
  @Shown('text', 'the kind of problem: the stable part')
  readonly type!: string;
  @Shown('text', 'the kind of problem, for people')
  readonly title!: string;
  @Shown('count', 'status of the answer')
  readonly status!: number;
  @Shown('text', 'more, for people', { optional: true })
  readonly detail?: string;
  @Shown('text', 'as in the header `X-Request-Id` and in every log line of the request')
  readonly request_id!: string;
  @ShownList(FieldErrorDto, 'of `invalid-request`: the fields that do not fit', { optional: true })
  readonly errors?: readonly FieldErrorDto[];
  @Shown('text', 'of `replay-running`: path of the replay that runs', { optional: true })
  readonly replay?: string;
  @ShownByName(IndicatedDto, 'of `not-ready`: the service and its dependencies, by name', { optional: true })
  readonly components?: Readonly<Record<string, IndicatedDto>>;
}

import { IsInt, Max, Min } from 'class-validator';
import { IsOmittable } from '../common/is-omittable.decorator.js';
import { NoteDto } from '../common/note.dto.js';
import { ApiPropertyOptional } from '../openapi/swagger.decorator.js';

const MONTH_SECONDS = 30 * 86_400;

export class PauseDto extends NoteDto {
  @IsOmittable()
  @IsInt()
  @Min(1)
  @Max(MONTH_SECONDS)
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MONTH_SECONDS,
    description: 'the pause ends automatically after this time',
  })
  ttl_seconds?: number;
}

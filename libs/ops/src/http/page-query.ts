import { Transform } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

/** Query of every list. */
export class PageQuery {
  @Transform(({ value }: { value: unknown }) => (/^\d{1,9}$/.test(String(value)) ? Number(value) : value))
  @IsInt()
  @Min(1)
  @Max(1000)
  limit = 100;

  /** As the page before gave it. */
  @IsOptional()
  @Matches(/^[\w.:=+/-]{1,512}$/, { message: 'cursor must be the next_cursor of another page' })
  cursor?: string;
}

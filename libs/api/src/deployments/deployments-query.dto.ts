import { IsIn } from 'class-validator';
import { JOB_STATES, type JobState } from '#core';
import { IsOmittable } from '../common/is-omittable.decorator.js';
import { PageQuery } from '../common/page-query.dto.js';
import { ApiPropertyOptional } from '../openapi/swagger.decorator.js';

export class DeploymentsQuery extends PageQuery {
  @IsOmittable()
  @IsIn(JOB_STATES)
  @ApiPropertyOptional({ type: 'string', enum: [...JOB_STATES], description: 'only deployments in this state' })
  state?: JobState;
}

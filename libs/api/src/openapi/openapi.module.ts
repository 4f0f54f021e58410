import { Module } from '@nestjs/common';
import { ApiDescription } from './api-description.service.js';
import { OpenApiController } from './openapi.controller.js';

@Module({
  controllers: [OpenApiController],
  providers: [ApiDescription],
})
export class OpenApiModule {}

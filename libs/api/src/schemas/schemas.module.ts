import { Module } from '@nestjs/common';
import { SchemaFiles } from './schema-files.service.js';
import { SchemasController } from './schemas.controller.js';

@Module({
  controllers: [SchemasController],
  providers: [SchemaFiles],
})
export class SchemasModule {}

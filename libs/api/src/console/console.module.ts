import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ConsoleController } from './console.controller.js';
import { ConsoleFiles } from './console-files.service.js';

@Module({
  imports: [AuthModule],
  controllers: [ConsoleController],
  providers: [ConsoleFiles],
})
export class ConsoleModule {}

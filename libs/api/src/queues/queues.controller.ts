import { Controller, Get } from '@nestjs/common';
import { MessageQueue, type QueueDepth } from '#core';
import { RequireScope } from '../auth/access.decorator.js';
import { type QueueDepthDto, QueuesDto } from './queues.dto.js';
import { ApiOkResponse, ApiOperation } from '../openapi/swagger.decorator.js';
import { ApiProblems, OUTAGES } from '../openapi/api-problems.decorator.js';

@Controller('queues')
export class QueuesController {
  constructor(private readonly queue: MessageQueue) {}

  @RequireScope('read')
  @Get()
  @ApiOperation({ operationId: 'showQueues', summary: 'Depth and oldest age of every list, and who holds messages' })
  @ApiProblems(...OUTAGES)
  @ApiOkResponse({ description: 'the queues', type: QueuesDto })
  async show(): Promise<QueuesDto> {
    const [depths, paused, holders] = await Promise.all([
      this.queue.depths(),
      this.queue.isPaused(),
      this.queue.leaseHolders(),
    ]);
    return {
      paused,
      queues: {
        main_queue: toDepthDto(depths.main),
        processing: toDepthDto(depths.processing),
        delayed: toDepthDto(depths.delayed),
        dead_letter: toDepthDto(depths.deadLetter),
      },
      workers: holders.map(({ worker, messages, leaseLeftMs }) => ({
        worker,
        in_flight: messages,
        lease_left_seconds: leaseLeftMs / 1000,
      })),
    };
  }
}

function toDepthDto({ messages, oldestAgeMs }: QueueDepth): QueueDepthDto {
  return { messages, oldest_age_seconds: oldestAgeMs === null ? null : oldestAgeMs / 1000 };
}

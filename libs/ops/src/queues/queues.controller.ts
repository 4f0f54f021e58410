import { Controller, Get } from '@nestjs/common';
import { MessageQueue, type QueueDepth } from '#core';
import { Readable } from '../auth/access.js';
import { Answers, Operation, OUTAGES } from '../openapi/operation.js';
import { type QueueDepthBody, QueuesBody } from './queues-body.js';

@Controller('queues')
export class QueuesController {
  constructor(private readonly queue: MessageQueue) {}

  @Readable()
  @Get()
  @Operation('showQueues', 'Depth and oldest age of every list, and who holds messages', OUTAGES)
  @Answers(200, 'the queues', QueuesBody)
  async show(): Promise<QueuesBody> {
    const [depths, paused, holders] = await Promise.all([
      this.queue.depths(),
      this.queue.isPaused(),
      this.queue.holders(),
    ]);
    return {
      paused,
      queues: {
        main_queue: depthView(depths.main),
        processing: depthView(depths.processing),
        delayed: depthView(depths.delayed),
        dead_letter: depthView(depths.deadLetter),
      },
      workers: holders.map(({ worker, messages, leaseLeftMs }) => ({
        worker,
        in_flight: messages,
        lease_left_seconds: leaseLeftMs / 1000,
      })),
    };
  }
}

function depthView({ messages, oldestAgeMs }: QueueDepth): QueueDepthBody {
  return { messages, oldest_age_seconds: oldestAgeMs === null ? null : oldestAgeMs / 1000 };
}

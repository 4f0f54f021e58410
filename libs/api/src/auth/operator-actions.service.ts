import { Injectable } from '@nestjs/common';
import type { OperatorAction } from '#core';
import { RequestContext } from '#telemetry';

/** Writes down who asks for what in which request, for the audit records. */
@Injectable()
export class OperatorActions {
  constructor(private readonly requests: RequestContext) {}

  of(actor: string, note: string | undefined): OperatorAction {
    return { actor, requestId: this.requests.requestId ?? '', note: note ?? null };
  }
}

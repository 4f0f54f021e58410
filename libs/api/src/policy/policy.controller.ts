import { Body, Controller, Get, HttpCode, Logger, Post, Put } from '@nestjs/common';
import { SpendLedger, SpendRegistry } from '#core';
import { RequireScope } from '../auth/access.decorator.js';
import { Actor, OperatorActions } from '../auth/operator.js';
import { NoteDto } from '../common/note.dto.js';
import { Problem } from '../common/problem.js';
import { ClosedCircuitDto, PolicyDto, ShownPolicyDto } from './policy.dto.js';
import { excessOf, toPolicy, toShownPolicyDto } from './policy.mapper.js';
import { ApiOkResponse, ApiOperation } from '../openapi/swagger.decorator.js';
import { ApiProblems, OUTAGES } from '../openapi/api-problems.decorator.js';

/** What the service may spend, and its circuit breaker, on every replica. */
@Controller('policy')
export class PolicyController {
  private readonly logger = new Logger(PolicyController.name);

  constructor(
    private readonly ledger: SpendLedger,
    private readonly spending: SpendRegistry,
    private readonly actions: OperatorActions,
  ) {}

  @RequireScope('read')
  @Get()
  @ApiOperation({
    operationId: 'showPolicy',
    summary: 'Budgets and fee caps, their maximums, what is spent, and the circuit breaker',
  })
  @ApiProblems(...OUTAGES)
  @ApiOkResponse({ description: 'the policy', type: ShownPolicyDto })
  async show(): Promise<ShownPolicyDto> {
    this.spending.update(await this.ledger.read());
    return toShownPolicyDto(this.spending);
  }

  @RequireScope('policy')
  @Put()
  @ApiOperation({
    operationId: 'replacePolicy',
    summary:
      'Replaces budgets and fee caps, on every replica; never above the maximums. An omitted value is the maximum',
  })
  @ApiProblems('policy-changed', ...OUTAGES)
  @ApiOkResponse({ description: 'the new policy', type: ShownPolicyDto })
  async replace(@Body() body: PolicyDto, @Actor() actor: string): Promise<ShownPolicyDto> {
    const { version, note } = body;
    const policy = toPolicy(body, this.spending.maximum);
    const excess = excessOf(policy, this.spending.maximum);
    if (excess.length > 0) throw new Problem('invalid-request', { detail: excess.join('; ') });
    if (!(await this.ledger.replacePolicy(policy, version, await this.actions.of(actor, note))))
      throw new Problem('policy-changed');
    this.logger.warn({ event: 'policy.replaced', message: 'policy replaced', actor, note, version: version + 1 });
    return await this.show();
  }

  @RequireScope('policy')
  @Post('circuit/close')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'closeCircuit',
    summary: 'Closes the circuit breaker, on every replica; what it has counted until now counts no more',
  })
  @ApiProblems(...OUTAGES)
  @ApiOkResponse({ description: 'the breaker is closed', type: ClosedCircuitDto })
  async closeCircuit(@Body() { note }: NoteDto, @Actor() actor: string): Promise<ClosedCircuitDto> {
    const closed = await this.ledger.closeCircuit(await this.actions.of(actor, note));
    this.logger.warn({
      event: 'circuit.closed_by_operator',
      message: 'circuit breaker closed by an operator',
      closed,
      actor,
      note,
    });
    return { closed };
  }
}

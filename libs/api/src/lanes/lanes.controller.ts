import { Body, Controller, Get, HttpCode, Logger, Param, Post } from '@nestjs/common';
import { HoldError, LaneJournal, type LaneState, SignerAccounts } from '#core';
import { RequireScope } from '../auth/access.decorator.js';
import { Actor, OperatorActions } from '../auth/operator.js';
import { NoteDto } from '../common/note.dto.js';
import { Problem } from '../common/problem.js';
import { HoldsService } from '../holds/holds.service.js';
import { FreedLaneDto, type LaneDto, LanesDto } from './lane.dto.js';
import { toLaneDto } from './lane.mapper.js';
import { ApiOkResponse, ApiOperation } from '../openapi/swagger.decorator.js';
import { ApiProblems, OUTAGES } from '../openapi/api-problems.decorator.js';

/** The accounts of this replica; which of them another replica has, the journal says. */
@Controller('lanes')
export class LanesController {
  private readonly logger = new Logger(LanesController.name);

  constructor(
    private readonly accounts: SignerAccounts,
    private readonly journal: LaneJournal,
    private readonly actions: OperatorActions,
    private readonly holds: HoldsService,
  ) {}

  @RequireScope('read')
  @Get()
  @ApiOperation({ operationId: 'listLanes', summary: 'The accounts of this replica, and what they have not finished' })
  @ApiProblems(...OUTAGES)
  @ApiOkResponse({ description: 'the lanes', type: LanesDto })
  async list(): Promise<LanesDto> {
    return { items: await Promise.all(this.accounts.addresses.map((account) => this.describe(account))) };
  }

  @Post(':account/free')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'freeLane',
    summary: 'Takes an account from the process that has it; the next one that asks gets it',
  })
  @ApiProblems('not-found', ...OUTAGES)
  @ApiOkResponse({ description: 'no process has it now', type: FreedLaneDto })
  async free(
    @Param('account') account: string,
    @Body() { note }: NoteDto,
    @Actor() actor: string,
  ): Promise<FreedLaneDto> {
    const lane = await this.find(account);
    const freed = await this.journal.free(lane, await this.actions.of(actor, note));
    this.logger.warn({ event: 'lane.freed', message: 'lane freed by an operator', lane, freed, actor, note });
    return { account: lane, freed };
  }

  /** Also frees a lane of another replica and a lane without a key. */
  private async find(account: string): Promise<string> {
    const known = [...this.accounts.addresses, ...(await this.journal.addresses())];
    const lane = known.find((address) => address.toLowerCase() === account.toLowerCase());
    if (lane === undefined) throw new Problem('not-found');
    return lane;
  }

  private async describe(account: string): Promise<LaneDto> {
    const [state, tenure, holds] = await Promise.all([
      this.journal.read(account).catch(withoutState),
      this.journal.owner(account).catch(withoutOwner),
      this.holds.ofLane(account),
    ]);
    return { ...toLaneDto(account, state, tenure), holds };
  }
}

/** A lane that cannot be read must not hide the others; a hold names it. */
function withoutState(error: unknown): LaneState {
  requireUnreadable(error);
  return { nextNonce: null, closedBlock: null, slots: [] };
}

function withoutOwner(error: unknown): null {
  requireUnreadable(error);
  return null;
}

function requireUnreadable(error: unknown): void {
  if (!(error instanceof HoldError) || error.reason !== 'ledger_unreadable') throw error;
}

import { Controller, Get } from '@nestjs/common';
import { SignerAccounts, LaneJournal } from '#core';
import { RequireScope } from '../auth/access.decorator.js';
import { type LaneDto, LanesDto } from './lane.dto.js';
import { toLaneDto } from './lane.mapper.js';
import { ApiOkResponse, ApiOperation } from '../openapi/swagger.decorator.js';
import { ApiProblems, OUTAGES } from '../openapi/api-problems.decorator.js';

/** The accounts of this replica; which of them another replica has, the journal says. */
@Controller('lanes')
export class LanesController {
  constructor(
    private readonly accounts: SignerAccounts,
    private readonly journal: LaneJournal,
  ) {}

  @RequireScope('read')
  @Get()
  @ApiOperation({ operationId: 'listLanes', summary: 'The accounts of this replica, and what they have not finished' })
  @ApiProblems(...OUTAGES)
  @ApiOkResponse({ description: 'the lanes', type: LanesDto })
  async list(): Promise<LanesDto> {
    return { items: await Promise.all(this.accounts.addresses.map((account) => this.describe(account))) };
  }

  private async describe(account: string): Promise<LaneDto> {
    const [state, tenure] = await Promise.all([this.journal.read(account), this.journal.owner(account)]);
    return toLaneDto(account, state, tenure);
  }
}

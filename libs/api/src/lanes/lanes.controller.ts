import { Controller, Get } from '@nestjs/common';
import { SignerAccounts, LaneJournal } from '#core';
import { Readable } from '../auth/access.decorator.js';
import { Answers, Operation, OUTAGES } from '../openapi/operation.decorator.js';
import { type LaneDto, LanesDto } from './lane.dto.js';
import { toLaneDto } from './lane.mapper.js';

/** The accounts of this replica; which of them another replica has, the journal says. */
@Controller('lanes')
export class LanesController {
  constructor(
    private readonly accounts: SignerAccounts,
    private readonly journal: LaneJournal,
  ) {}

  @Readable()
  @Get()
  @Operation('listLanes', 'The accounts of this replica, and what they have not finished', OUTAGES)
  @Answers(200, 'the lanes', LanesDto)
  async list(): Promise<LanesDto> {
    return { items: await Promise.all(this.accounts.addresses.map((account) => this.describe(account))) };
  }

  private async describe(account: string): Promise<LaneDto> {
    const [state, tenure] = await Promise.all([this.journal.read(account), this.journal.owner(account)]);
    return toLaneDto(account, state, tenure);
  }
}

import { Controller, Get } from '@nestjs/common';
import { DeployingAccounts, LaneJournal } from '#core';
import { Readable } from '../auth/access.js';
import { Answers, Operation, OUTAGES } from '../openapi/operation.js';
import { type LaneBody, LanesBody } from './lane-body.js';
import { laneView } from './lane-view.js';

/** The accounts of this replica; which of them another replica has, the journal says. */
@Controller('lanes')
export class LanesController {
  constructor(
    private readonly accounts: DeployingAccounts,
    private readonly journal: LaneJournal,
  ) {}

  @Readable()
  @Get()
  @Operation('listLanes', 'The accounts of this replica, and what they have not finished', OUTAGES)
  @Answers(200, 'the lanes', LanesBody)
  async list(): Promise<LanesBody> {
    return { items: await Promise.all(this.accounts.addresses.map((account) => this.describe(account))) };
  }

  private async describe(account: string): Promise<LaneBody> {
    const [state, tenure] = await Promise.all([this.journal.read(account), this.journal.tenure(account)]);
    return laneView(account, state, tenure);
  }
}

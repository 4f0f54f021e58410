import { Controller, Get } from '@nestjs/common';
import { DeployingAccounts, LaneJournal } from '#core';
import { Readable } from '../auth/access.js';
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
  async list() {
    return { items: await Promise.all(this.accounts.addresses.map((account) => this.describe(account))) };
  }

  private async describe(account: string) {
    const [state, tenure] = await Promise.all([this.journal.read(account), this.journal.tenure(account)]);
    return laneView(account, state, tenure);
  }
}

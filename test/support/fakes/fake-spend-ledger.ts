import { type OperatorAction, SpendLedger, type SpendPolicy, type SpendState, type SpendWindow } from '#core';

const EMPTY: SpendWindow = { spent: 0n, reserved: 0n, leaving: [] };

/** A ledger whose policy a test sets, and that has spent nothing. */
export class FakeSpendLedger extends SpendLedger {
  state: SpendState = {
    policy: null,
    windows: { ether_per_hour: EMPTY, ether_per_day: EMPTY, tokens_per_hour: EMPTY },
    circuit: null,
  };
  readonly closed: OperatorAction[] = [];
  readonly replaced: { readonly policy: SpendPolicy; readonly action: OperatorAction }[] = [];

  override async read(): Promise<SpendState> {
    return this.state;
  }

  override async replacePolicy(policy: SpendPolicy, version: number, action: OperatorAction): Promise<boolean> {
    if (version !== (this.state.policy?.version ?? 0)) return false;
    this.state = { ...this.state, policy: { ...policy, version: version + 1 } };
    this.replaced.push({ policy, action });
    return true;
  }

  override async recordOutcomes(): Promise<void> {}

  override async closeCircuit(action: OperatorAction): Promise<boolean> {
    if (this.state.circuit === null) return false;
    this.state = { ...this.state, circuit: null };
    this.closed.push(action);
    return true;
  }
}

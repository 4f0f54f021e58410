import type { HoldRegistry } from '#core';

const SOURCE = 'unreadable jobs';
const SHOWN = 5;

/** The jobs that messages in flight wait for and that cannot be read, shown as one hold. */
export class UnreadableJobs {
  /** Detail by model id. */
  private readonly details = new Map<string, string>();

  constructor(private readonly holds: HoldRegistry) {}

  add(modelId: string, detail: string): void {
    this.details.set(modelId, detail);
    this.show();
  }

  remove(modelId: string): void {
    if (this.details.delete(modelId)) this.show();
  }

  private show(): void {
    if (this.details.size === 0) return this.holds.withdraw(SOURCE);
    const shown = [...this.details].slice(0, SHOWN).map(([modelId, detail]) => `model ${modelId}: ${detail}`);
    const more = this.details.size - shown.length;
    const detail = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
    this.holds.report(SOURCE, 'ledger_unreadable', detail);
  }
}

import { randomUUID } from 'node:crypto';
import { guideMessage } from '../support/guide-message.js';

/** Messages made for one crew, and what has to become of them. */
export class Orders {
  /** Of the case in hand: one message for each model that has to get its token. */
  deployed: string[] = [];
  /** Of all cases. */
  total = 0;
  /** Of all cases: messages that have to be dead. */
  readonly dead: string[] = [];

  /** The next case begins. */
  clear(): void {
    this.deployed = [];
  }

  /** Messages for so many new models. */
  draw(models: number, name: string): string[] {
    const messages = Array.from({ length: models }, () => messageFor(`${name}-${randomUUID().slice(0, 8)}`));
    this.deployed.push(...messages);
    this.total += models;
    return messages;
  }

  /** A message that has to be dead, and what another deployer does so that it is. */
  drawConflict(name: string): { readonly message: string; readonly rival: string } {
    const model = `${name}-${randomUUID().slice(0, 8)}`;
    const message = messageFor(model);
    this.dead.push(message);
    return { message, rival: messageFor(model, { token_symbol: 'OTHER' }) };
  }
}

/** No retries: a crash must not cost an attempt. */
function messageFor(modelId: string, changes: Readonly<Record<string, unknown>> = {}): string {
  return guideMessage({ model_id: modelId, ...changes }, { max_retries: 0 });
}

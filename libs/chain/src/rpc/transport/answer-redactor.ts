import { Redactor } from '#telemetry';

/** Ends where a JSON string does. */
const WEB_ADDRESS = /:\/\/[^\s"\\]+/g;

/** Gateways repeat in an error what they were asked with, and errors become log lines and dead letters (S1). */
export class AnswerRedactor {
  private readonly redactor: Redactor;

  constructor(secrets: readonly string[]) {
    this.redactor = new Redactor(secrets);
  }

  redact(answer: string): string {
    if (!answer.includes('"error"')) return answer;
    return this.redactor.redact(answer.replaceAll(WEB_ADDRESS, '://[redacted]'));
  }
}

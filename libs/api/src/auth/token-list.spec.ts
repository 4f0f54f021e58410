import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseTokenList } from './token-list.js';

const DIGEST = createHash('sha256').update('token').digest('hex');

describe('parseTokenList', () => {
  it('reads id, scope, expiry and digest, and passes over blanks and remarks', () => {
    const text = `# who may what\n\n alice operate 2027-01-31 ${DIGEST}\nbot.1@ci\tread  never\t${DIGEST.toUpperCase()}\r\n`;
    expect(parseTokenList(text)).toEqual([
      { id: 'alice', scope: 'operate', expiresAt: Date.UTC(2027, 0, 31), digest: Buffer.from(DIGEST, 'hex') },
      { id: 'bot.1@ci', scope: 'read', expiresAt: Infinity, digest: Buffer.from(DIGEST, 'hex') },
    ]);
  });

  it.each([
    ['nothing', '', 0],
    ['remarks alone', '# none\n', 1],
    ['a line that was cut off', `a read never ${DIGEST}\nb read never ${DIGEST}`, 2],
    ['another scope', `a admin never ${DIGEST}\n`, 1],
    ['a token instead of its digest', 'a read never operate-canary-0123456789\n', 1],
    ['a digest that is too short', `a read never ${DIGEST.slice(1)}\n`, 1],
    ['an id with a blank', `# x\na b read never ${DIGEST}\n`, 2],
    ['no expiry', `a read ${DIGEST}\n`, 1],
    ['an expiry that is no time', `a read soon ${DIGEST}\n`, 1],
    ['an expiry on a day that does not exist', `a read 2027-02-30T99:00Z ${DIGEST}\n`, 1],
    ['an expiry that may be local', `a read 2027-01-31T12:00 ${DIGEST}\n`, 1],
    ['the id of a token of the environment', `operate operate never ${DIGEST}\n`, 1],
    ['one id twice', `a read never ${DIGEST}\na operate never ${DIGEST}\n`, 0],
  ])('refuses %s', (_what, text, line) => {
    expect(() => parseTokenList(text)).toThrow(expect.objectContaining({ name: 'UnreadableTokenList', line }) as Error);
  });

  it('quotes nothing of it', () => {
    expect(() => parseTokenList('canary canary canary canary\n')).toThrow(/^(?!.*canary)/);
  });
});

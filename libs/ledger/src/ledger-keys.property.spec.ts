import { assert, boolean, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queueKeys } from '#queue';
import { ledgerKeys, type LedgerKeys } from './ledger-keys.js';

const ADDRESS = `0x${'Ab'.repeat(20)}`;
/** Characters of the key syntax, which provoke collisions. */
const morsel = constantFrom(':', '{', '}', 'jobs', 'job', 'leases', 'lane', 's', '/', '..', '\0', 'a');
const odd = string({ unit: morsel });

const ledger = (queueName: string, braced: boolean): LedgerKeys =>
  ledgerKeys({ queueName, chainId: 1, contract: ADDRESS, braced });

/** The part of a key that Redis Cluster hashes: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags */
function slotTextOf(key: string): string {
  return /^[^{]*\{([^}]+)\}/.exec(key)?.[1] ?? key;
}

describe('Keys of foreign ids', () => {
  it('differ from each other and from every other key', () => {
    assert(
      property(odd, morsel, boolean(), (id, piece, braced) => {
        const keys = ledger('q', braced);
        const fixed = [keys.jobs(), keys.jobs('deployed'), keys.lanes, keys.lane(ADDRESS), keys.slots(ADDRESS)];
        const ids = [...new Set([id, id + piece, piece + id, `${id}:${piece}`])];
        const byId = ids.flatMap((each) => [keys.job(each), keys.leases(each)]);
        const all = [Object.values(queueKeys('q', { braced })), fixed, byId].flat();
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  it('share the hash slot of their queue when ids contain braces', () => {
    assert(
      property(odd, constantFrom('q', 'a{b}c'), (id, name) => {
        const keys = ledger(name, true);
        expect(slotTextOf(keys.job(id))).toBe(slotTextOf(name));
        expect(slotTextOf(keys.leases(id))).toBe(slotTextOf(name));
      }),
    );
  });
});

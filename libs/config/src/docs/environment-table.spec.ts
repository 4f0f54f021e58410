import { describe, expect, it } from 'vitest';
import { environmentTable } from './environment-table.js';

describe('environmentTable', () => {
  const rows = environmentTable().split('\n');

  it('has three cells in every row and no variable twice', () => {
    for (const row of rows) expect(row.match(/\|/g)).toHaveLength(4);
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows.filter((row) => row.startsWith('| `'))).toHaveLength(rows.length - 2);
  });

  it('says what is required, what the default is and what may come from a file', () => {
    expect(rows).toContainEqual(expect.stringMatching(/^\| `CHAIN_ID` \| \*\*required\*\* \|/));
    expect(rows).toContainEqual(expect.stringMatching(/^\| `POLL_INTERVAL` \| `5` \|/));
    expect(rows).toContainEqual(expect.stringMatching(/^\| `CONFIRMATIONS` \| `12`; \[by network\]/));
    expect(rows).toContainEqual(expect.stringMatching(/^\| `OPS_API_TOKEN` \| – \|.*may come as `OPS_API_TOKEN_FILE`/));
  });
});

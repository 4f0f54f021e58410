// Makes a bearer token for the operator API. Its line for OPS_API_TOKEN_LIST goes to standard output; the token itself is
// shown once, on standard error: npm run --silent ops:token -- alice operate 90 >> ops-tokens
import { createHash, randomBytes } from 'node:crypto';
import { parseTokenList } from '#api';

const DAY_MS = 86_400_000;

const [id = '', scope = '', days = ''] = process.argv.slice(2);
const token = randomBytes(24).toString('base64url');
const expiry = /^\d{1,5}$/.test(days) ? new Date(Date.now() + Number(days) * DAY_MS).toISOString() : days;
const line = `${id} ${scope} ${expiry} ${createHash('sha256').update(token).digest('hex')}`;
try {
  parseTokenList(`${line}\n`);
  console.error(`token of ${id}: ${token}`);
  console.log(line);
} catch (error) {
  console.error(error instanceof Error ? error.message : 'no token was made');
  console.error('usage: npm run --silent ops:token -- <id> read|operate|policy <days until it expires>|never');
  process.exitCode = 1;
}

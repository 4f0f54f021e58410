import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiApp } from '../../../../test/support/http/api-app.js';
import { ApiContract } from '../../../../test/support/http/api-contract.js';
import {
  RESPONSE_FIXTURES,
  startApi,
  PROBLEM_FIXTURES,
  RequestFixture,
} from '../../../../test/support/fixtures/api.fixture.js';

const contract = new ApiContract();
const expected = contract.answers.flatMap(({ operation, status, problems }) =>
  (problems.length === 0 ? [null] : problems).map((problem) => ({ operation, status, problem })),
);

/** Scenes that leave nothing changed: one stage does for all of them. */
const CHANGELESS = new Set([
  'unauthorized',
  'forbidden',
  'not-found',
  'malformed-request',
  'invalid-request',
  'payload-too-large',
  'unsupported-media-type',
]);

describe('every answer that the description of the API knows is given, as described', () => {
  let common: ApiApp;
  beforeAll(async () => {
    common = await startApi();
  });
  afterAll(() => common.stop());

  it('are many', () => {
    expect(expected.length).toBeGreaterThan(150);
  });

  it.each(expected)('$operation: $status $problem', async ({ operation, status, problem }) => {
    const shared = problem !== null && CHANGELESS.has(problem);
    const ops = shared ? common : await startApi(problem !== 'ops-api-disabled');
    try {
      const play = problem === null ? RESPONSE_FIXTURES[`${operation} ${status}`] : PROBLEM_FIXTURES[problem];
      const asked = await (play ?? ((scene: RequestFixture) => scene.send()))(await RequestFixture.of(ops, operation));
      const { status: given, type: contentType, headers, text } = asked;
      expect({ given, text }).toMatchObject({ given: status });
      const body: unknown = /json/.test(contentType) ? asked.body : text;
      expect(contract.violations(operation, { status: given, contentType, headers, body })).toEqual([]);
      expect(text.includes(`urn:token-deployer:problem:${problem}`)).toBe(problem !== null);
      expect(text).not.toContain('canary');
    } finally {
      if (!shared) await ops.stop();
    }
  });
});

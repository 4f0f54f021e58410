import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
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

/** One for each kind of problem: what brings it about for one operation brings it about for every other one. */
const services = new Map<string, Promise<ApiApp>>();

function serviceWith(problem: string): Promise<ApiApp> {
  const started = services.get(problem) ?? startApi(problem !== 'ops-api-disabled');
  services.set(problem, started);
  return started;
}

/** For an answer that is no problem: that may change something. */
async function freshService(): Promise<ApiApp> {
  const service = await startApi();
  onTestFinished(() => service.stop());
  return service;
}

describe('every answer that the description of the API knows is given, as described', () => {
  afterAll(async () => {
    for (const service of services.values()) await (await service).stop();
  });

  it('are many', () => {
    expect(expected.length).toBeGreaterThan(150);
  });

  it.each(expected)('$operation: $status $problem', async ({ operation, status, problem }) => {
    const api = await (problem === null ? freshService() : serviceWith(problem));
    const play = problem === null ? RESPONSE_FIXTURES[`${operation} ${status}`] : PROBLEM_FIXTURES[problem];
    const asked = await (play ?? ((scene: RequestFixture) => scene.send()))(await RequestFixture.of(api, operation));
    const { status: given, type: contentType, headers, text } = asked;
    expect({ given, text }).toMatchObject({ given: status });
    const body: unknown = /json/.test(contentType) ? asked.body : text;
    expect(contract.violations(operation, { status: given, contentType, headers, body })).toEqual([]);
    expect(text.includes(`urn:token-deployer:problem:${problem}`)).toBe(problem !== null);
    expect(text).not.toContain('canary');
  });
});

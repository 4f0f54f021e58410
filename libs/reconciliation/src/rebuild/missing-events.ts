import type { ChainJob, DeploymentJob, DeployedToken, JobUpdate } from '#core';
import { tokenDeployedEvent } from '#messages';
import type { RebuildScope } from './rebuild-scope.js';

/** Publishes missing events by completing their jobs, if the policy says so, and counts them. */
export async function publishMissing(
  { jobs, site, events, dryRun }: Pick<RebuildScope, 'jobs' | 'site' | 'events' | 'dryRun'>,
  settled: readonly ChainJob[],
): Promise<{ readonly published: number; readonly missing: number }> {
  const stored = await Promise.all(settled.map(async ({ request }) => await jobs.find(request.record.modelId)));
  // A dry run has not restored them.
  const silent = settled.filter((_, index) => stored[index]?.eventId === null || stored[index] === null);
  if (dryRun || events !== 'publish') return { published: 0, missing: events === 'published' ? 0 : silent.length };
  const verdicts = stored.flatMap((job) => toUpdate(job, site));
  const done = verdicts.length === 0 ? [] : ((await jobs.complete(null, verdicts)) ?? []);
  const published = done.filter(({ changed }) => changed).length;
  return { published, missing: 0 };
}

function toUpdate(job: DeploymentJob | null, site: RebuildScope['site']): JobUpdate[] {
  if (job?.state !== 'deployed' || job.token === null || job.eventId !== null) return [];
  const { modelId } = job.request.record;
  const token: DeployedToken = job.token;
  return [{ kind: 'deployed', modelId, token, ...tokenDeployedEvent(job.request, token, site) }];
}

import type { TestStack } from '../../test/support/process/test-stack.js';

/** Where to look next, ready to paste. */
export function pointers({ service, redis, node, opsToken }: TestStack): string {
  const authorised = `-H 'Authorization: Bearer ${opsToken}'`;
  return `Look around:
  ${service.url}/console in a browser, with the token ${opsToken}
  curl ${service.url}/health
  curl ${service.url}/metrics
  curl ${authorised} ${service.url}/dlq
  curl ${authorised} ${service.url}/deployments/message-classifier-v3
  curl ${authorised} -X POST ${service.url}/dlq/replay
  redis-cli -u ${redis.url} LRANGE hokusai:token_deployed_queue 0 -1

Redis ${redis.url}, chain ${node.url}. All of it goes away with Ctrl-C.`;
}

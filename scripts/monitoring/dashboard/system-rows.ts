import { graph, type Row } from './panel.js';
import { quantile, rate, series, shared, summed } from './queries.js';

/** What the service works with. */
export const SYSTEM_ROWS: readonly Row[] = [
  {
    title: 'Chain and RPC',
    panels: [
      graph('Age of the newest block', 's', 'Seconds since the newest block that was seen.', [
        `time() - ${shared('chain_head_timestamp_seconds')}`,
        'age',
      ]),
      graph('Newest block', 'none', 'Its number, by replica: one that is behind has an endpoint that is.', [
        series('chain_head_block_number'),
        '{{instance}}',
      ]),
      graph('Nonces', 'none', 'The next nonce of each account, as chain, pool and journal have it.', [
        shared('account_nonce', 'account, kind'),
        '{{kind}} {{account}}',
      ]),
      graph('Open transactions', 'short', 'Slots of each lane that are not final.', [
        shared('lane_slots', 'account, state'),
        '{{state}} {{account}}',
      ]),
      graph('Oldest open transaction', 's', 'A replica that lost its lane keeps showing the last age.', [
        series('lane_oldest_slot_age_seconds'),
        '{{instance}} {{account}}',
      ]),
      graph(
        'Transactions per minute',
        'short',
        'Nonces that became final, replacements and reorgs.',
        [`60 * ${rate('transactions_total', 'outcome')}`, '{{outcome}}'],
        [`60 * ${rate('transaction_replacements_total', 'reason')}`, 'replaced: {{reason}}'],
        [`60 * ${rate('reorgs_total')}`, 'reorged'],
      ),
      graph('Endpoints', 'short', '1 while it is in service, 0 while it is excluded and before its first answer.', [
        shared('rpc_endpoint_up', 'endpoint'),
        '{{endpoint}}',
      ]),
      graph('RPC requests per second', 'reqps', 'By endpoint and outcome.', [
        rate('rpc_requests_total', 'endpoint, outcome'),
        '{{endpoint}} {{outcome}}',
      ]),
      graph('RPC latency, 95 %', 's', 'By method.', [
        quantile(0.95, 'rpc_request_duration_seconds', 'method'),
        '{{method}}',
      ]),
    ],
  },
  {
    title: 'Redis',
    panels: [
      graph('Answers', 'short', '1 while Redis answers the replica and takes its writes.', [
        series('redis_up'),
        '{{instance}}',
      ]),
      graph('Reconnects per minute', 'short', 'By connection.', [
        `60 * ${rate('redis_reconnects_total', 'connection')}`,
        '{{connection}}',
      ]),
      graph('Scripts, 95 %', 's', 'Time that each script takes, the way to Redis and back included.', [
        quantile(0.95, 'redis_command_duration_seconds', 'command'),
        '{{command}}',
      ]),
      graph('Scripts per second', 'ops', 'By name.', [
        rate('redis_command_duration_seconds_count', 'command'),
        '{{command}}',
      ]),
    ],
  },
  {
    title: 'Runtime',
    panels: [
      graph('Event loop lag', 's', '99 %, by replica.', [series('nodejs_eventloop_lag_p99_seconds'), '{{instance}}']),
      graph('CPU', 'percentunit', 'Share of one core.', [
        rate('process_cpu_seconds_total', 'instance'),
        '{{instance}}',
      ]),
      graph(
        'Memory',
        'bytes',
        'Resident, and the part that is heap in use.',
        [series('process_resident_memory_bytes'), 'resident {{instance}}'],
        [series('nodejs_heap_size_used_bytes'), 'heap {{instance}}'],
      ),
      graph('Garbage collection', 'percentunit', 'Share of the time.', [
        rate('nodejs_gc_duration_seconds_sum', 'instance'),
        '{{instance}}',
      ]),
      graph('Age of collected gauges', 's', 'Seconds since each collector last came through a round.', [
        `time() - ${series('collector_last_success_timestamp_seconds')}`,
        '{{collector}} {{instance}}',
      ]),
      graph('Builds', 'short', 'Replicas by version.', [
        summed('build_info', 'version, node_version'),
        '{{version}} on Node {{node_version}}',
      ]),
    ],
  },
  {
    title: 'Operator API',
    panels: [
      graph('Requests per second', 'reqps', 'By route and status.', [
        rate('http_request_duration_seconds_count', 'method, route, status_code'),
        '{{method}} {{route}} {{status_code}}',
      ]),
      graph('Latency, 95 %', 's', 'By route.', [quantile(0.95, 'http_request_duration_seconds', 'route'), '{{route}}']),
      graph('Refused tokens per minute', 'short', 'Requests with a missing, wrong or insufficient token.', [
        `60 * ${rate('http_auth_failures_total')}`,
        'refused',
      ]),
      graph('List of tokens not right', 'short', 'Replicas that go by an earlier list, or by none.', [
        `sum(1 - ${series('ops_token_list_valid')})`,
        'replicas',
      ]),
      graph('Producer keys not right', 'short', 'Replicas that go by earlier keys of the producers.', [
        `sum(1 - ${series('message_keys_valid')})`,
        'replicas',
      ]),
    ],
  },
];

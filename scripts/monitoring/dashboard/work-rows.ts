import { graph, type Row, stat } from './panel.js';
import { increase, mean, quantile, rate, series, shared, summed } from './queries.js';

/** What became of the messages, and what it cost. */
export const WORK_ROWS: readonly Row[] = [
  {
    title: 'Overview',
    panels: [
      stat('Replicas', 'short', 'Replicas that are scraped.', [`count(${series('build_info')})`, 'replicas']),
      stat('Tokens deployed', 'short', 'Over the time shown.', [
        increase('messages_processed_total', '', 'outcome=~"deployed|deployed_unregistered"'),
        'deployed',
      ]),
      stat('Success', 'percentunit', 'Settled messages that neither failed nor were released, over the time shown.', [
        `${increase('messages_processed_total', '', 'outcome=~"deployed|deployed_unregistered|adopted|duplicate"')} / ${increase('messages_processed_total', '', 'outcome!="released"')}`,
        'success',
      ]),
      stat('Waiting', 'short', 'Messages in the queue.', [
        shared('queue_messages', '', 'queue="main_queue"'),
        'waiting',
      ]),
      stat('Dead letters', 'short', 'Entries in the dead-letter list.', [
        shared('queue_messages', '', 'queue="dead_letter"'),
        'dead letters',
      ]),
      stat('Holds', 'short', 'Conditions that pause processing.', [
        `count(${shared('consumer_held', 'reason')} == 1) or vector(0)`,
        'holds',
      ]),
    ],
  },
  {
    title: 'Throughput',
    panels: [
      graph(
        'Messages per minute',
        'short',
        'Claimed, and settled by the way they left.',
        [`60 * ${rate('messages_received_total')}`, 'received'],
        [`60 * ${rate('messages_processed_total', 'outcome')}`, '{{outcome}}'],
      ),
      graph(
        'Failures per minute',
        'short',
        'Messages scheduled for a retry and dead-lettered, by reason.',
        ...failures(),
      ),
      graph(
        'Events, recoveries and replays per minute',
        'short',
        'token_deployed events, messages recovered from dead consumers, dead letters that operators worked on.',
        [`60 * ${rate('events_published_total')}`, 'events published'],
        [`60 * ${rate('messages_recovered_total', 'source')}`, 'recovered: {{source}}'],
        [`60 * ${rate('dlq_operations_total', 'operation, outcome')}`, '{{operation}}: {{outcome}}'],
      ),
      graph('Producers per minute', 'short', 'Messages by the producer that signed them; of an unknown one, why.', [
        `60 * ${rate('message_signatures_total', 'producer, result')} > 0`,
        '{{producer}}: {{result}}',
      ]),
    ],
  },
  {
    title: 'Queues',
    panels: [
      graph('Messages', 'short', 'In each list, as every replica sees it.', [
        shared('queue_messages', 'queue'),
        '{{queue}}',
      ]),
      graph('Oldest message', 's', 'Age of the oldest message of each list.', [
        shared('queue_oldest_message_age_seconds', 'queue'),
        '{{queue}}',
      ]),
      graph('In flight', 'short', 'Messages that each replica holds.', [
        summed('messages_in_flight', 'instance'),
        '{{instance}}',
      ]),
      graph(
        'Held',
        'short',
        'What blocks processing: every replica (service), some (replica), a lane or loop (part).',
        [`${shared('consumer_held', 'reason, scope')} > 0`, '{{reason}} ({{scope}})'],
      ),
      graph(
        'Tokens that no registry lists',
        'short',
        'With `token-manager`: left to its owner, refused, or in conflict.',
        [shared('tokens_unregistered', 'registration'), '{{registration}}'],
      ),
      graph('Phase', 'short', 'Replicas in each phase.', [summed('consumer_state', 'state'), '{{state}}']),
    ],
  },
  {
    title: 'Latency',
    panels: [
      graph('By stage, 95 %', 's', 'Each stage of a deployment lasts from the end of the one before.', [
        quantile(0.95, 'deployment_stage_duration_seconds', 'stage'),
        '{{stage}}',
      ]),
      graph('By stage, mean', 's', 'Mean time in each stage.', [
        mean('deployment_stage_duration_seconds', 'stage'),
        '{{stage}}',
      ]),
      graph(
        'Claim to settlement',
        's',
        'Of messages whose model got its token.',
        ...[0.5, 0.95, 0.99].map(
          (share) =>
            [
              quantile(share, 'message_processing_duration_seconds', '', 'outcome=~"deployed|deployed_unregistered"'),
              `p${share * 100}`,
            ] as const,
        ),
      ),
      graph(
        'Age when claimed',
        's',
        "By the producer's clock.",
        [quantile(0.5, 'message_age_seconds'), 'p50'],
        [quantile(0.95, 'message_age_seconds'), 'p95'],
      ),
    ],
  },
  {
    title: 'Cost',
    panels: [
      graph(
        'Gas',
        'short',
        'Of one token and of one transaction.',
        [quantile(0.5, 'token_gas_used'), 'token, p50'],
        [quantile(0.95, 'token_gas_used'), 'token, p95'],
        [quantile(0.5, 'transaction_gas_used'), 'transaction, p50'],
        [shared('token_gas'), 'token with all of its transactions, the last'],
      ),
      graph('Ether per hour', 'short', 'Fees of final transactions, L1 fees included.', [
        `3600 * ${rate('transaction_fee_ether_sum')}`,
        'ether',
      ]),
      graph('Ether per token', 'short', 'Fees by the number of tokens.', [
        `${rate('transaction_fee_ether_sum', '', 'kind="deploy"')} / ${rate('deployment_batch_size_sum')}`,
        'ether',
      ]),
      graph('Tokens per transaction', 'short', 'Mean size of a batch.', [mean('deployment_batch_size'), 'tokens']),
      graph('Balance', 'short', 'Ether of each deploying account.', [
        shared('account_balance_ether', 'account'),
        '{{account}}',
      ]),
      graph('Tokens left', 'short', 'Tokens that the balance of each deploying account pays for.', [
        shared('account_runway_tokens', 'account'),
        '{{account}}',
      ]),
      graph('Budgets spent', 'percentunit', 'What is spent and reserved of each budget.', [
        `${shared('spend_spent', 'budget')} / ${shared('spend_budget', 'budget')}`,
        '{{budget}}',
      ]),
      graph('Tokens of the budgets', 'short', 'Tokens that the budgets have left; -1 without a budget.', [
        shared('spend_tokens_left'),
        'tokens',
      ]),
      graph('Circuit breaker', 'short', '1 while it is open and new transactions wait.', [
        shared('circuit_open'),
        'open',
      ]),
      graph('Base fee', 'short', 'Gwei per gas in the newest block; 0 on a chain without one.', [
        shared('chain_base_fee_gwei'),
        'gwei',
      ]),
    ],
  },
];

function failures() {
  return [
    [`60 * ${rate('messages_retried_total', 'reason')} > 0`, 'retry: {{reason}}'],
    [`60 * ${rate('messages_dead_lettered_total', 'reason')} > 0`, 'dead-lettered: {{reason}}'],
  ] as const;
}

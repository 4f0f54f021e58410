// What the operator API answers, as far as the console reads it.

export interface Session {
  readonly actor: string;
  readonly scope: 'read' | 'operate';
  readonly service: string;
  readonly version: string;
  readonly chain_id: number;
  readonly network: string;
  readonly explorer_url: string | null;
}

export interface Depth {
  readonly messages: number;
  readonly oldest_age_seconds: number | null;
}

export interface Worker {
  readonly worker: string;
  readonly in_flight: number;
  readonly lease_left_seconds: number;
}

export interface Queues {
  readonly paused: boolean;
  readonly queues: Readonly<Record<'main_queue' | 'processing' | 'delayed' | 'dead_letter', Depth>>;
  readonly workers: readonly Worker[];
}

interface Hold {
  readonly reason: string;
  readonly since: string;
  readonly detail: string;
}

export interface Health {
  readonly status: 'healthy' | 'unhealthy';
  readonly phase: string;
  readonly components: Readonly<Record<string, { readonly status: string; readonly detail: string | null }>>;
  readonly holds: readonly Hold[];
}

interface Attempt {
  readonly transaction_hash: string;
  readonly max_fee_per_gas: string;
}

export interface Slot {
  readonly nonce: number;
  readonly age_seconds: number | null;
  readonly tokens: number;
  readonly attempts: number;
  readonly latest_attempt: Attempt | null;
}

export interface Lane {
  readonly account: string;
  readonly held_by: string | null;
  readonly epoch: number | null;
  readonly lease_left_seconds: number | null;
  readonly next_nonce: number | null;
  readonly open_slots: readonly Slot[];
}

export interface Deployment {
  readonly model_id: string;
  readonly state: string;
  readonly record: { readonly token_symbol: string };
  readonly token: { readonly token_address: string; readonly transaction_hash: string } | null;
  readonly failure: { readonly reason: string; readonly error: string } | null;
  readonly transaction_hashes: readonly string[];
  readonly updated_at: string;
}

export interface DeadLetter {
  readonly id: string;
  readonly reason: string | null;
  readonly error: string | null;
  readonly failed_at: string | null;
  readonly message_id: string | null;
  readonly model_id: string | null;
  readonly attempts: number | null;
  readonly replay_count: number;
  readonly replayable: boolean;
}

export interface DeadLetterDetail extends DeadLetter {
  readonly entry: unknown;
  readonly message: unknown;
  readonly deployment: Deployment | null;
}

export interface DeadLetterFilter {
  readonly reason?: string;
  readonly model_id?: string;
  readonly failed_after?: string;
  readonly failed_before?: string;
}

export interface ReplayOrder {
  readonly ids?: readonly string[];
  readonly filter?: DeadLetterFilter;
  readonly limit?: number;
  readonly max_per_second?: number;
  readonly force?: boolean;
  readonly note?: string;
}

export interface ReplayedEntry {
  readonly id: string;
  readonly message_id: string | null;
  readonly model_id: string | null;
  readonly result: string;
}

export interface Preview {
  readonly dry_run: true;
  readonly results: readonly ReplayedEntry[];
}

export interface ReplayRun {
  readonly id: string;
  readonly state: 'running' | 'cancelling' | 'cancelled' | 'finished';
  readonly actor?: string;
  readonly ids?: number;
  readonly limit?: number;
  readonly counts?: Readonly<Record<string, number>>;
  readonly max_per_second?: number | null;
}

export interface AuditRecord {
  readonly id: string;
  readonly at: string;
  readonly operation: string;
  readonly actor: string;
  readonly request_id: string;
  readonly note: string | null;
  readonly entry?: unknown;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
  readonly total?: number;
}

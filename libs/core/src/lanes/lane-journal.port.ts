/** The right to use one signer on one chain, for a while. Every write carries the epoch: an older one is fenced. */
export interface LaneLease {
  /** EIP-55 address of the signer. */
  readonly lane: string;
  readonly epoch: number;
}

/** One signed transaction. Several attempts of one slot share the nonce and differ in fees. */
export interface Attempt {
  readonly hash: string;
  /** 0x-prefixed signed transaction: exactly these bytes are sent, now and after any crash (J1, J3). */
  readonly raw: string;
  readonly gasLimit: bigint;
  /** Wei; the gas price of a legacy transaction. */
  readonly maxFeePerGas: bigint;
  /** Wei; equal to `maxFeePerGas` for a legacy transaction. */
  readonly maxPriorityFeePerGas: bigint;
  /** Unix milliseconds. */
  readonly signedAt: number;
}

/** What is known of an attempt for ever: all but the bytes, which the journal keeps until the slot closes. */
export type SignedAttempt = Omit<Attempt, 'raw'>;

/** One nonce of a lane, from signing to finality. */
export interface Slot {
  readonly nonce: number;
  readonly modelIds: readonly string[];
  /** Oldest first, at least one. */
  readonly attempts: readonly Attempt[];
}

/** A slot that is to be closed, because its nonce is finally used. */
export interface ClosedSlot {
  readonly lease: LaneLease;
  readonly nonce: number;
  /** Number of a final block by which the nonce is used. */
  readonly block?: number;
}

export interface LaneState {
  /** The nonce that the next commit must carry; null for a lane that was never used. */
  readonly nextNonce: number | null;
  /** Number of a final block by which the nonce of the slot that closed last was used; null where none closed yet. */
  readonly closedBlock: number | null;
  /** Lowest nonce first. */
  readonly slots: readonly Slot[];
}

/** Who has a lane, and for how long without another sign of life. */
export interface LaneOwner {
  /** Names one process: host and a random part. */
  readonly owner: string;
  readonly epoch: number;
  readonly leaseLeftMs: number;
}

export type CommitResult =
  | { readonly kind: 'committed' }
  /** The lane has a new owner, or the lease ran out. */
  | { readonly kind: 'fenced' }
  /** The slot does not carry the lane's next nonce. */
  | { readonly kind: 'wrong-nonce'; readonly nextNonce: number | null }
  /** These jobs are not `admitted` any more; nothing was written. */
  | { readonly kind: 'jobs-taken'; readonly modelIds: readonly string[] };

/** The write-ahead journal of a lane: nothing leaves the process before it stands here (J1). */
export abstract class LaneJournal {
  /** Takes the lane if it is free, or its lease has run out, for `ttlMs` under a new epoch. */
  abstract acquire(lane: string, ttlMs: number): Promise<LaneLease | null>;

  /** False when the lane was lost: stop before the next irreversible step. */
  abstract renew(lease: LaneLease, ttlMs: number): Promise<boolean>;

  abstract release(lease: LaneLease): Promise<void>;

  abstract read(lane: string): Promise<LaneState>;

  /** Addresses of all lanes that were ever taken. */
  abstract addresses(): Promise<readonly string[]>;

  /** Null while nobody has the lane: never used, given up, or run out and not taken yet. */
  abstract owner(lane: string): Promise<LaneOwner | null>;

  /** Writes slot, signed bytes, job states and the next nonce in one fenced script (J2). */
  abstract commit(lease: LaneLease, slot: Slot): Promise<CommitResult>;

  /** Adds a replacement to a slot before it is sent. False when the lease or the slot is gone. */
  abstract addAttempt(lease: LaneLease, nonce: number, attempt: Attempt): Promise<boolean>;

  /**
   * Sets the next nonce of a lane that has no open slot: its first use, or after transactions that the journal does not
   * know. False when the lease is lost or a slot is open.
   */
  abstract resetNonce(lease: LaneLease, nextNonce: number): Promise<boolean>;
}

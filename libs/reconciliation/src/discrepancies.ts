/** Every discrepancy between queue, ledger, events and chain. The codes are stable: alerts and scripts use them. */
export const DISCREPANCIES = {
  'job-unreadable': 'an index names a job that is not there or cannot be read',
  'job-misindexed': 'the indexes do not name the job under exactly its own state',
  'job-without-token': 'the job is deployed and the chain has no token of its model',
  'record-differs': 'the token holds another record than the job',
  'token-differs': 'the job names another address or transaction than the event of its model',
  'token-without-job': 'an account of the service created the token and the ledger has no job of its model',
  'token-foreign':
    'the job is deployed and no account of the service created its token, where any account may create tokens',
  'token-not-settled': 'the token is final and its job is still open or failed',
  'two-tokens': 'the contract made more than one token for the model',
  'job-unregistered': 'the job is deployed and the registry does not list its model',
  'registered-otherwise': 'the job is deployed and the registry lists its model with another token',
  'registration-differs': 'the job names another registering transaction than the event of its model',
  'registration-not-settled': 'the token is registered, finally, and its job still waits for that',
  'event-missing': 'the job is deployed and its event is not known to be published',
  'event-id-differs': 'the event was published under another id than that of chain, contract and model',
  'event-not-queued': 'the job is deployed and its event is not in the list of events',
  'event-without-job': 'the list of events holds an event of a model that no job deployed',
  'event-differs': 'the event names another token or registering transaction than the job',
  'event-unreadable': 'the list of events holds something that is no event',
  'job-without-slot': 'the job is submitted and its lane has no such slot',
  'job-without-message': 'the job waits for a transaction and no message asks for it: replay its dead letter',
  'slot-without-job': 'the slot carries a model whose job is not submitted in it',
  'lane-unreadable': 'the lane cannot be read',
  'slot-unreadable': 'the slot of the nonce cannot be read',
  'slot-gap': 'no slot is open for a nonce that the chain still waits for',
  'slot-beyond-next': "the slot's nonce is not below the lane's next one",
  'slot-final-unsettled': 'a final block used the nonce of the slot, which is still open',
  'lane-behind-chain': 'the chain counts transactions of the lane that the journal does not know',
  'attempt-differs': 'the journalled bytes are not the transaction that the slot says',
  'lease-incomplete': 'the lease has no end, or no message',
  'lease-without-message': 'the leased message is not in the processing list',
  'message-without-lease': 'the processing list holds a message that no lease covers',
  'message-in-two-places': 'the same bytes are in more than one place',
  'message-left': 'messages are waiting, claimed or delayed',
  'job-open': 'the job is neither deployed nor failed',
  'slot-open': 'the slot is open',
} as const;

export type DiscrepancyCode = keyof typeof DISCREPANCIES;

/** One discrepancy. */
export interface Discrepancy {
  readonly code: DiscrepancyCode;
  /** Its subject, such as `model 21` or `lane 0x… nonce 7`. */
  readonly subject: string;
  /** The differing values; free of secrets. */
  readonly detail: string;
}

import { must } from './validators.js';

export const TEXT = must('be a string');
export const INTEGER = must('be a whole number');
export const TIMESTAMP = must('be an ISO 8601 date and time, a date, or Unix seconds or milliseconds');

/** What `toISOString` writes. */
export const TIMESTAMP_TEXT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const TRANSACTION_HASH = /^0x[0-9a-f]{64}$/;

import { must } from './validators.js';

export const TEXT = must('be a string');
export const INTEGER = must('be a whole number');
export const TIMESTAMP = must('be an ISO 8601 date and time, a date, or Unix seconds or milliseconds');

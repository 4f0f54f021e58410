import { Problem } from './problem.js';

/** The ports throw RangeError for a cursor that none of their pages gave out. */
export async function rejectInvalidCursor<T>(listed: Promise<T>): Promise<T> {
  try {
    return await listed;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const expectations = ['cursor must be the next_cursor of another page'];
    throw new Problem('invalid-request', { members: { errors: [{ field: 'cursor', expectations }] } });
  }
}

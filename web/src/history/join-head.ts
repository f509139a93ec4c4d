import type { AuditEntry } from "../../../src/contract/audit.ts";

/**
 * The newest page laid over what is known, both newest first; null when the two do not meet, so that something between
 * them is missing. An entry that both have is taken from the newest page.
 */
export const joinHead = (head: readonly AuditEntry[], known: readonly AuditEntry[]): AuditEntry[] | null => {
  const inHead = new Set(head.map(({ event_id }) => event_id));
  if (known.length > 0 && !known.some(({ event_id }) => inHead.has(event_id))) return null;
  return [...head, ...known.filter(({ event_id }) => !inHead.has(event_id))].toSorted(newestFirst);
};

/** The order of the server: by time, and by id within a moment. */
const newestFirst = (a: AuditEntry, b: AuditEntry): number =>
  compare(b.timestamp, a.timestamp) || compare(b.event_id, a.event_id);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

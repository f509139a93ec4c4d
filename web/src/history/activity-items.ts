import type { AuditEntry } from "../../../src/contract/audit.ts";
import { dayOf, type CivilDay } from "../time/due-date.ts";
import { happeningOf } from "./telling.ts";

/**
 * What stands in the activity: days, and under each what happened. What one request did to many tasks stands as one.
 */
export type ActivityItem =
  | { readonly kind: "day"; readonly key: string; readonly day: CivilDay }
  | { readonly kind: "entry"; readonly key: string; readonly entry: AuditEntry; readonly isOfMany: boolean }
  | { readonly kind: "many"; readonly key: string; readonly entries: readonly AuditEntry[]; readonly isOpen: boolean };

const fewest = 3;

/** The items of a history, newest first as its entries; `open` has the keys of those that are unfolded. */
export const activityItems = (
  entries: readonly AuditEntry[],
  zone: string,
  open: ReadonlySet<string>,
): ActivityItem[] => {
  const days = Map.groupBy(entries, ({ timestamp }) => dayOf(timestamp, zone));
  return [...days].flatMap(([day, ofDay]): ActivityItem[] => [
    { kind: "day", key: day, day },
    ...byRequest(ofDay).flatMap((together) => itemsOf(together, open)),
  ]);
};

/** Entries that follow each other and say the same, by one request. */
const byRequest = (entries: readonly AuditEntry[]): AuditEntry[][] => {
  const groups: AuditEntry[][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last?.[0] !== undefined && requestOf(last[0]) === requestOf(entry)) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
};

const requestOf = (entry: AuditEntry): string => `${entry.correlation_id} ${entry.actor.id} ${happeningOf(entry)}`;

const itemsOf = (entries: readonly AuditEntry[], open: ReadonlySet<string>): ActivityItem[] => {
  const single =
    (isOfMany: boolean) =>
    (entry: AuditEntry): ActivityItem => ({ kind: "entry", key: entry.event_id, entry, isOfMany });
  const [first] = entries;
  // A move of the user's clock is one thing, however many tasks follow it.
  const isOne = first !== undefined && happeningOf(first) === "moved";
  if (entries.length < fewest && !isOne) return entries.map(single(false));
  // By its oldest entry, which stays when more of the request is heard of.
  const key = `many-${entries.at(-1)?.event_id ?? ""}`;
  const isOpen = open.has(key);
  return [{ kind: "many", key, entries, isOpen }, ...(isOpen ? entries.map(single(true)) : [])];
};

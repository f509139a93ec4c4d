import { eventTypes, type EventType } from "../../../src/contract/event.ts";
import type { LogFilter } from "../api/history.ts";
import { addDays } from "../time/calendar.ts";
import { instantOf, type CivilDay } from "../time/due-date.ts";

/** What the activity is narrowed to, as the address has it. Days are the user's, the last one included. */
export interface ActivityFilter {
  readonly type: EventType | null;
  readonly actor: string | null;
  readonly taskId: string | null;
  readonly from: CivilDay | null;
  readonly to: CivilDay | null;
}

const parameters = { type: "type", actor: "by", taskId: "about", from: "from", to: "to" } as const satisfies Record<
  keyof ActivityFilter,
  string
>;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const day = /^\d{4}-\d{2}-\d{2}$/;

/** Reads the filter from the address; what makes no sense there is left out. */
export const readFilter = (address: URLSearchParams): ActivityFilter => {
  const fitting = (name: keyof ActivityFilter, pattern: RegExp): string | null => {
    const value = address.get(parameters[name]);
    return value !== null && pattern.test(value) ? value : null;
  };
  return {
    type: eventTypes.find((type) => type === address.get(parameters.type)) ?? null,
    actor: fitting("actor", /^[^\0]{1,200}$/),
    taskId: fitting("taskId", uuid),
    from: fitting("from", day),
    to: fitting("to", day),
  };
};

/** The address with another filter; what else is in it stays. */
export const withFilter = (address: URLSearchParams, change: Partial<ActivityFilter>): URLSearchParams => {
  const next = new URLSearchParams(address);
  for (const [name, value] of Object.entries(change) as [keyof ActivityFilter, string | null][]) {
    if (value === null) next.delete(parameters[name]);
    else next.set(parameters[name], value);
  }
  return next;
};

export const noFilter: ActivityFilter = { type: null, actor: null, taskId: null, from: null, to: null };
export const isFiltered = (filter: ActivityFilter): boolean => Object.values(filter).some((value) => value !== null);

/** The filter as the server takes it. */
export const toLogFilter = ({ type, actor, taskId, from, to }: ActivityFilter, zone: string): LogFilter => ({
  ...(type === null ? {} : { event_type: type }),
  ...(actor === null ? {} : { actor_id: actor }),
  ...(taskId === null ? {} : { task_id: taskId }),
  ...(from === null ? {} : { from: instantOf(`${from}T00:00`, zone) }),
  ...(to === null ? {} : { to: instantOf(`${addDays(to, 1)}T00:00`, zone) }),
});

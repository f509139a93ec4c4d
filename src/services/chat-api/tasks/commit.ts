import { type Database, isDeadlock, violatedConstraint } from "../../../adapters/db/database.ts";
import type { ReminderClock } from "../../../domain/reminder/instant.ts";
import { taskEvent, type EventContext, type UnsequencedEvent } from "../../../domain/task-event.ts";
import type { Task } from "../../../contract/task.ts";
import type { TaskChange } from "../../../domain/task.ts";
import type { LongWork } from "../../../ports.ts";
import { type CommitParameter, commitStatement } from "./commit-statement.ts";
import { taskRowJson } from "./task-row.ts";

/** What a repeated request with the same key is answered with; the undo handle is made from the sequences. */
export interface RememberedAnswer {
  readonly key: string;
  readonly requestHash: string;
  readonly status: number;
  readonly answer: unknown;
}

export interface TaskWrite {
  readonly userId: string;
  readonly changes: readonly TaskChange[];
  /** Tasks that the decision rests on and does not change; the write is stale when one of them has changed. */
  readonly guards?: readonly Task[] | undefined;
  /** Of new tasks, those ids that a client chose. */
  readonly chosenIds?: readonly string[] | undefined;
  /** The clock the decision was made under; the write is stale when it is no longer the user's. */
  readonly clockRead: ReminderClock;
  /**
   * The sequence the decision was made at, where it rests on more than the tasks it read; the write is stale at any
   * other.
   */
  readonly sequenceRead?: number | undefined;
  /** Its clock is the user's from this write on: another one than `clockRead` only when the user changes it. */
  readonly event: EventContext & ReminderClock;
  readonly remember?: RememberedAnswer | undefined;
}

/** The user's sequences a write took, both inclusive. */
export interface SequenceRange {
  readonly first: number;
  readonly last: number;
}

export type CommitResult =
  | ({ readonly outcome: "committed" } & SequenceRange)
  /** A task, the user's clock or the account changed since it was read: read again and decide again. */
  | { readonly outcome: "stale" }
  | { readonly outcome: "key-used" }
  /** By a task of whomever, or by one that is gone for good. */
  | { readonly outcome: "id-taken" };

/** Commits a write, or says why it was not. The order of `changes` is the order of their events. */
export const commit = async (
  db: Database,
  newId: () => string,
  write: TaskWrite,
  work?: LongWork,
): Promise<CommitResult> => {
  try {
    const { name, text, values } = await commitInSteps(newId, write, work);
    const [row] = await db.prepared<{ base: number; is_taken?: boolean }>(name, text, values);
    if (row === undefined) return { outcome: "stale" };
    if (row.is_taken === true) return { outcome: "id-taken" };
    return { outcome: "committed", first: row.base + 1, last: row.base + write.changes.length };
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === "idempotency_keys_pkey") return { outcome: "key-used" };
    if (constraint === "tasks_pkey" || constraint === "tasks_occurrence") return { outcome: "id-taken" };
    // Two users who make the same ids in another order; whoever is left over finds them taken.
    if (isDeadlock(error)) return { outcome: "stale" };
    throw error;
  }
};

interface Query {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The write's statement with its values; exported so that the bench runs the very same on the bare driver. */
export const commitQuery = (newId: () => string, write: TaskWrite): Query => {
  const net = netChanges(write.changes);
  const events = write.changes.map((change) => writtenEvent(change, newId, write.event));
  return queryOf(
    write,
    net,
    events,
    keptOf(net).map(({ after }) => rowText(after, write.event.zone)),
  );
};

/** The same, giving way in between: a write of 5,000 tasks is many megabytes of JSON. */
const commitInSteps = async (newId: () => string, write: TaskWrite, work: LongWork | undefined): Promise<Query> => {
  if (work === undefined || write.changes.length <= MAX_AT_ONCE) return commitQuery(newId, write);
  const net = netChanges(write.changes);
  const events = await inSteps(write.changes, work, (change) => writtenEvent(change, newId, write.event));
  const rows = await inSteps(keptOf(net), work, ({ after }) => rowText(after, write.event.zone));
  return queryOf(write, net, events, rows);
};

/** Takes a millisecond or two. */
const MAX_AT_ONCE = 50;

const inSteps = async <Item, Made>(
  items: readonly Item[],
  work: LongWork,
  make: (item: Item) => Made,
): Promise<Made[]> => {
  const made: Made[] = [];
  for (const item of items) {
    await work.giveWay();
    made.push(make(item));
  }
  return made;
};

interface WrittenEvent {
  readonly event: UnsequencedEvent;
  /** Its JSON as an element of a PostgreSQL array. */
  readonly element: string;
}

const writtenEvent = (change: TaskChange, newId: () => string, context: EventContext): WrittenEvent => {
  const event = taskEvent(change, newId(), context);
  return { event, element: arrayElement(JSON.stringify(event)) };
};

/** As the driver would write it, which does so for all elements in one piece (PostgreSQL 8.15.2). */
const arrayElement = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

const rowText = (task: Task, zone: string): string => JSON.stringify(taskRowJson(task, zone));

const keptOf = (net: readonly TaskChange[]): readonly TaskChange[] => net.filter((change) => change.purged !== true);

const queryOf = (
  { userId, guards = [], chosenIds = [], clockRead, sequenceRead, event, remember }: TaskWrite,
  net: readonly TaskChange[],
  events: readonly WrittenEvent[],
  rows: readonly string[],
): Query => {
  const read = [...net.flatMap(({ before }) => (before === null ? [] : [before])), ...guards];
  const kept = keptOf(net);
  const purged = net.filter((change) => change.purged === true);
  const { name, text, parameters } = commitStatement({
    reads: read.length > 0,
    creates: kept.some(({ before }) => before === null),
    chooses: chosenIds.length > 0,
    updates: kept.some(({ before }) => before !== null),
    purges: purged.length > 0,
    remembers: remember !== undefined,
  });
  const values: Readonly<Record<CommitParameter, unknown>> = {
    user_id: userId,
    zone_read: clockRead.zone,
    rows: `[${rows.join(",")}]`,
    read_ids: read.map(({ id }) => id),
    read_versions: read.map(({ version }) => version),
    chosen_ids: chosenIds,
    purged_ids: purged.map(({ after }) => after.id),
    event_ids: events.map(({ event: { event_id } }) => event_id),
    event_types: events.map(({ event: { event_type } }) => event_type),
    task_ids: events.map(({ event: { task_id } }) => task_id),
    task_versions: events.map(({ event: { task } }) => task.version),
    events: `{${events.map(({ element }) => element).join(",")}}`,
    now: new Date(event.now),
    key: remember?.key,
    request_hash: remember?.requestHash,
    status: remember?.status,
    answer: remember === undefined ? undefined : JSON.stringify(remember.answer),
    zone: event.zone,
    all_day_hour_read: clockRead.allDayHour,
    all_day_hour: event.allDayHour,
    sequence_read: sequenceRead ?? null,
  };
  return { name, text, values: parameters.map((parameter) => values[parameter]) };
};

/** One change a task: from as it was read to as it is after the last of them. */
export const netChanges = (changes: readonly TaskChange[]): readonly TaskChange[] => {
  const net = new Map<string, TaskChange>();
  for (const change of changes) {
    const earlier = net.get(change.after.id);
    net.set(change.after.id, earlier === undefined ? change : { ...change, before: earlier.before });
  }
  return [...net.values()];
};

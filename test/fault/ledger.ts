import { isDeepStrictEqual } from "node:util";
import type { TaskEvent } from "../../src/contract/event.ts";
import type { Task } from "../../src/contract/task.ts";

/** One write as its client knows it. Each try of it has a correlation id of its own, by which its events are found. */
export interface Write {
  readonly userId: string;
  readonly tries: string[];
  /** How many events it has when it was made; all of them, or none. */
  readonly events: number;
  /**
   * - `answered`: made, and `tasks` are the states it answered.
   * - `refused`: not made.
   * - `open`: no answer came; made as a whole or not at all.
   */
  outcome: "answered" | "refused" | "open";
  tasks: readonly Task[];
  /** Answered as one that changed nothing. */
  idle: boolean;
}

/** What clients were told, to be held against what is there. */
export interface Ledger {
  readonly writes: readonly Write[];
  readonly answered: number;
  begin(userId: string, events: number): Write;
  answer(write: Write, tasks: readonly Task[], idle: boolean): void;
  refuse(write: Write): void;
}

export const createLedger = (): Ledger => {
  const writes: Write[] = [];
  let answered = 0;
  return {
    writes,
    get answered() {
      return answered;
    },
    begin(userId, events) {
      const write: Write = { userId, tries: [], events, outcome: "open", tasks: [], idle: false };
      writes.push(write);
      return write;
    },
    answer(write, tasks, idle) {
      Object.assign(write, { outcome: "answered", tasks, idle });
      answered += 1;
    },
    refuse(write) {
      write.outcome = "refused";
    },
  };
};

/** What is in the database of a TaskFlow that has come to rest. */
export interface Rest {
  /** Of every user, in the order of their sequences. */
  readonly events: readonly TaskEvent[];
  /** As rows, of which these columns are compared. */
  readonly tasks: readonly Pick<Task, "id" | "user_id" | "title" | "version" | "completed">[];
  readonly heads: ReadonlyMap<string, number>;
  readonly outbox: number;
}

export interface Verdict {
  readonly writes: number;
  /** Events of answered writes that are not there. */
  readonly lost: number;
  /** Events that are there more often than they should be. */
  readonly doubled: number;
  /** Everything that must not be, in words; a few of each kind. */
  readonly faults: readonly string[];
}

/** Holds what clients were told against what is there. */
export const judge = ({ writes }: Ledger, rest: Rest): Verdict => {
  const byTry = groupBy(rest.events, ({ correlation_id }) => correlation_id);
  const judged = writes.map((write) =>
    judgeWrite(
      write,
      write.tries.flatMap((correlation) => byTry.get(correlation) ?? []),
    ),
  );
  const known = new Set(writes.flatMap(({ tries }) => tries));
  const strangers = rest.events.filter(({ correlation_id }) => !known.has(correlation_id));
  const faults = [
    ...judged.flatMap(({ fault }) => fault ?? []),
    ...strangers.map(
      ({ sequence, event_type, correlation_id }) =>
        `event ${sequence} (${event_type}) has no write (${correlation_id})`,
    ),
    ...sequenceFaults(rest),
    ...taskFaults(rest),
    ...(rest.outbox === 0 ? [] : [`${rest.outbox} events are still in the outbox`]),
  ];
  const sum = (of: (one: Judged) => number): number => judged.reduce((total, one) => total + of(one), 0);
  return {
    writes: writes.length,
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled) + strangers.length,
    faults: faults.slice(0, 20),
  };
};

interface Judged {
  readonly lost: number;
  readonly doubled: number;
  readonly fault?: string;
}

const judgeWrite = (write: Write, found: readonly TaskEvent[]): Judged => {
  const least = write.outcome === "answered" && !write.idle ? write.events : 0;
  const most = write.outcome === "refused" || write.idle ? 0 : write.events;
  const lost = Math.max(0, least - found.length);
  const doubled = Math.max(0, found.length - most);
  const isHalf = found.length > 0 && found.length < write.events;
  const what = `a write that was ${write.outcome} (${write.tries.join(", ")}) has ${found.length} of ${write.events} events`;
  if (lost > 0 || doubled > 0 || isHalf) return { lost, doubled, fault: what };
  const unlike = write.tasks.find((task) => !write.idle && !found.some((event) => isDeepStrictEqual(event.task, task)));
  return unlike === undefined
    ? { lost, doubled }
    : {
        lost,
        doubled,
        fault: `task ${unlike.id} was answered at version ${unlike.version} in a state that no event of its write has`,
      };
};

const sequenceFaults = ({ events, heads }: Rest): string[] =>
  [...groupBy(events, ({ user_id }) => user_id)].flatMap(([userId, own]) => {
    const gap = own.findIndex(({ sequence }, index) => sequence !== index + 1);
    return [
      ...(gap === -1 ? [] : [`the sequence of ${userId} has ${own[gap]?.sequence} in place of ${gap + 1}`]),
      ...(heads.get(userId) === own.length
        ? []
        : [`the head of ${userId} is ${heads.get(userId)}, with ${own.length} events`]),
    ];
  });

/** Every task is what its last event says, after one event for each of its versions. */
const taskFaults = ({ events, tasks }: Rest): string[] => {
  const byTask = groupBy(events, ({ task_id }) => task_id);
  const rows = new Map(tasks.map((task) => [task.id, task]));
  const withoutEvents = tasks.filter(({ id }) => !byTask.has(id)).map(({ id }) => `task ${id} has no event`);
  return [
    ...withoutEvents,
    ...[...byTask].flatMap(([id, own]) => {
      const last = own.at(-1)?.task;
      const row = rows.get(id);
      const isWhole = own.every(({ task }, index) => task.version === index + 1);
      const isLast =
        row?.version === last?.version &&
        row?.title === last?.title &&
        row?.completed === last?.completed &&
        row?.user_id === last?.user_id;
      return [
        ...(isWhole ? [] : [`task ${id} has the versions ${own.map(({ task }) => task.version).join(" ")}`]),
        ...(isLast ? [] : [`task ${id} is not what its last event says`]),
      ];
    }),
  ];
};

const groupBy = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
};

import { useEffect, useRef, useState } from "react";
import type { Task, TaskQuery } from "../../../../src/contract/task.ts";
import { listTasks } from "../../api/submit.ts";
import { dayOf } from "../../time/due-date.ts";

export type PastListName = "today" | "all";

interface Shown {
  /** The moment whose tasks these are; another one than asked for while that is being read. */
  readonly moment: string | null;
  readonly tasks: readonly Task[];
  readonly total: number;
  readonly hasFailed: boolean;
}

export interface PastList extends Shown {
  readonly readMore: () => void;
  readonly retry: () => void;
}

const unread: Shown = { moment: null, tasks: [], total: 0, hasFailed: false };
const pageSize = 100;

/** A list as it was, page by page. Null as a moment reads nothing. */
export const usePastList = (name: PastListName, moment: string | null, zone: string): PastList => {
  const [shown, setShown] = useState(unread);
  const reader = useRef<Reader | null>(null);
  useEffect(() => {
    if (moment === null) return;
    const opened = createReader(moment, queryOf(name, moment, zone), setShown);
    reader.current = opened;
    opened.read();
    return opened.stop;
  }, [name, moment, zone]);
  const read = (): void => reader.current?.read();
  return { ...shown, readMore: read, retry: read };
};

/** By due date, as the lists are; Today has what was due until the end of that day. */
const queryOf = (name: PastListName, moment: string, zone: string): TaskQuery => ({
  status: "pending",
  as_of: moment,
  sort_by: "due_date",
  sort_order: "asc",
  limit: pageSize,
  ...(name === "today" ? { due_date_end: dayOf(moment, zone) } : {}),
});

interface Reader {
  /** Reads the next page, if there is one. */
  read(): void;
  stop(): void;
}

const createReader = (moment: string, query: TaskQuery, show: (change: (now: Shown) => Shown) => void): Reader => {
  let tasks: readonly Task[] = [];
  let cursor: string | null | undefined;
  let isReading = false;
  let isStopped = false;

  const read = async (): Promise<void> => {
    if (isReading || cursor === null) return;
    isReading = true;
    try {
      const page = await listTasks({ ...query, ...(cursor === undefined ? {} : { cursor }) });
      tasks = [...tasks, ...page.tasks];
      cursor = page.next_cursor;
      if (!isStopped) show(() => ({ moment, tasks, total: page.total, hasFailed: false }));
    } catch {
      if (!isStopped) show((now) => ({ ...now, hasFailed: true }));
    }
    isReading = false;
  };
  return {
    read: () => void read(),
    stop: () => {
      isStopped = true;
    },
  };
};

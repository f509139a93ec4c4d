import { useEffect, useRef, useState } from "react";
import type { AuditEntry } from "../../../src/contract/audit.ts";
import { readTaskHistory } from "../api/history.ts";
import { Refused } from "../api/http.ts";
import { followRecord } from "../api/record.ts";

interface Shown {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  readonly status: "loading" | "ready" | "failed";
}

export interface TaskHistory extends Shown {
  readonly retry: () => void;
}

const unread: Shown = { entries: [], status: "loading" };

/** The whole history of a task, and what is added to it while one looks. */
export const useTaskHistory = (taskId: string): TaskHistory => {
  const [shown, setShown] = useState(unread);
  const reader = useRef<Reader | null>(null);
  useEffect(() => {
    const opened = createReader(taskId, setShown);
    reader.current = opened;
    opened.read();
    const unfollow = followRecord(opened.read);
    return () => {
      unfollow();
      opened.stop();
    };
  }, [taskId]);
  const retry = (): void => {
    setShown(unread);
    reader.current?.read();
  };
  return { ...shown, retry };
};

interface Reader {
  read(): void;
  stop(): void;
}

/** Shows the history each time it is read; a failure shows only while nothing was read. */
const createReader = (taskId: string, show: (shown: Shown) => void): Reader => {
  let known: Read = { entries: [], lastPage: undefined };
  let isStopped = false;
  const read = async (): Promise<void> => {
    try {
      const next = await readOn(taskId, known);
      known = next.entries.length < known.entries.length ? known : next;
      if (!isStopped) show({ entries: known.entries.toReversed(), status: "ready" });
    } catch (error) {
      // A task that never was has no history, which is no failure.
      const status = error instanceof Refused && error.status === 404 ? "ready" : "failed";
      if (!isStopped && known.entries.length === 0) show({ entries: [], status });
    }
  };
  return {
    read: () => void read(),
    stop: () => {
      isStopped = true;
    },
  };
};

interface Read {
  /** Oldest first. */
  readonly entries: readonly AuditEntry[];
  /** The cursor of the last page, which is where new entries appear. */
  readonly lastPage: string | undefined;
}

/** Reads the last page again, and all after it. */
const readOn = async (taskId: string, { entries, lastPage }: Read): Promise<Read> => {
  const known = new Map(entries.map((entry) => [entry.sequence, entry]));
  let cursor = lastPage;
  for (;;) {
    const page = await readTaskHistory(taskId, cursor);
    for (const entry of page.events) known.set(entry.sequence, entry);
    if (page.next_cursor === null)
      return { entries: [...known.values()].toSorted((a, b) => a.sequence - b.sequence), lastPage: cursor };
    cursor = page.next_cursor;
  }
};

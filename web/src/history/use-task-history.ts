import { useCallback, useEffect, useRef, useState } from "react";
import type { AuditEntry } from "../../../src/contract/audit.ts";
import { readTaskHistory } from "../api/history.ts";
import { useRecorded } from "../api/record.ts";

export interface TaskHistory {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  readonly status: "loading" | "ready" | "failed";
  readonly retry: () => void;
}

interface Read {
  readonly entries: readonly AuditEntry[];
  /** Of the last page, which is where new entries appear. */
  readonly lastPage: string | undefined;
}

const nothing: Read = { entries: [], lastPage: undefined };

/** The whole history of a task, and what is added to it while one looks. */
export const useTaskHistory = (taskId: string): TaskHistory => {
  const recorded = useRecorded();
  const read = useRef<Read>(nothing);
  const [state, setState] = useState<Omit<TaskHistory, "retry">>({ entries: [], status: "loading" });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isWanted = true;
    const show = (): void => {
      void readOn(taskId, read.current).then(
        (next) => {
          if (!isWanted) return;
          read.current = next;
          setState({ entries: next.entries.toReversed(), status: "ready" });
        },
        () => isWanted && setState((now) => ({ ...now, status: now.status === "ready" ? "ready" : "failed" })),
      );
    };
    show();
    return () => {
      isWanted = false;
    };
  }, [taskId, recorded, attempt]);
  const retry = useCallback(() => {
    setState({ entries: [], status: "loading" });
    setAttempt((count) => count + 1);
  }, []);
  return { ...state, retry };
};

/** Reads the last page again, and all after it. */
const readOn = async (taskId: string, { entries, lastPage }: Read): Promise<Read> => {
  const known = new Map(entries.map((entry) => [entry.sequence, entry]));
  let cursor = lastPage;
  for (;;) {
    const page = await readTaskHistory(taskId, cursor);
    for (const entry of page.events) known.set(entry.sequence, entry);
    if (page.next_cursor === null) return { entries: [...known.values()].toSorted((a, b) => a.sequence - b.sequence), lastPage: cursor };
    cursor = page.next_cursor;
  }
};

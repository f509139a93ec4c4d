import { useEffect, useRef, useState } from "react";
import type { AuditEntry } from "../../../src/contract/audit.ts";
import { readLog, type LogFilter } from "../api/history.ts";
import { followRecord } from "../api/record.ts";
import { joinHead } from "./join-head.ts";

const pageSize = 50;

interface Shown {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  readonly status: "loading" | "ready" | "failed";
  readonly hasMore: boolean;
  /** The rest could not be read; what is shown is true all the same. */
  readonly hasFailed: boolean;
}

export interface Log extends Shown {
  readonly readMore: () => void;
  readonly retry: () => void;
}

const unread: Shown = { entries: [], status: "loading", hasMore: false, hasFailed: false };

/** The user's history that fits a filter, page by page, and what is added to it while one looks. */
export const useLog = (filter: LogFilter): Log => {
  const key = JSON.stringify(filter);
  const [read, setRead] = useState({ key, shown: unread });
  const reader = useRef<Reader | null>(null);
  useEffect(() => {
    const opened = createReader(JSON.parse(key) as LogFilter, (shown) => setRead({ key, shown }));
    reader.current = opened;
    opened.readHead();
    const unfollow = followRecord(opened.readHead);
    return () => {
      unfollow();
      opened.stop();
    };
  }, [key]);
  // What was read with another filter is not shown for this one.
  const shown = read.key === key ? read.shown : unread;
  return { ...shown, readMore: () => reader.current?.readMore(), retry: () => reader.current?.retry() };
};

interface Reader {
  readHead(): void;
  readMore(): void;
  retry(): void;
  stop(): void;
}

const createReader = (filter: LogFilter, show: (shown: Shown) => void): Reader => {
  let known: { readonly entries: readonly AuditEntry[]; readonly next: string | null } | null = null;
  let isReadingMore = false;
  let hasFailed = false;
  let isStopped = false;

  const tell = (): void => {
    if (isStopped) return;
    if (known === null) show({ ...unread, status: hasFailed ? "failed" : "loading" });
    else show({ entries: known.entries, status: "ready", hasMore: known.next !== null, hasFailed });
  };
  const readHead = async (): Promise<void> => {
    try {
      const { events, next_cursor } = await readLog(filter, { limit: pageSize });
      const entries = known === null ? null : joinHead(events, known.entries);
      known = entries === null ? { entries: events, next: next_cursor } : { entries, next: known?.next ?? null };
      hasFailed = false;
    } catch {
      hasFailed = known === null;
    }
    tell();
  };
  const readMore = async (): Promise<void> => {
    if (isReadingMore || hasFailed || known === null || known.next === null) return;
    isReadingMore = true;
    const { next } = known;
    try {
      const { events, next_cursor } = await readLog(filter, { limit: pageSize, cursor: next });
      // After a gap the head was read anew meanwhile, and this page follows nothing.
      if (known.next === next) known = { entries: [...known.entries, ...events], next: next_cursor };
    } catch {
      hasFailed = true;
    }
    isReadingMore = false;
    tell();
  };
  return {
    readHead: () => void readHead(),
    readMore: () => void readMore(),
    retry: () => {
      hasFailed = false;
      tell();
      void (known === null ? readHead() : readMore());
    },
    stop: () => {
      isStopped = true;
    },
  };
};

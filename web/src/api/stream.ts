import type { ReminderTriggered, TaskEvent, TaskEventType } from "../../../src/contract/event.ts";
import type { InboxChanged } from "../../../src/contract/notification.ts";
import type { Resync, StreamTicket } from "../../../src/contract/stream.ts";
import { backoffMs } from "./delivery.ts";
import type { Told } from "./inbox-store.ts";
import { authorized } from "./session.ts";

const dataEvents: readonly (TaskEventType | ReminderTriggered["event_type"])[] = [
  "task.created",
  "task.updated",
  "task.completed",
  "task.deleted",
  "task.reminder.triggered",
];

export interface StreamListener {
  /** The sequence to go on from, or null to start at the present. */
  since(): number | null;
  connected(): void;
  /** `attempt` counts failures in a row, from 1. */
  lost(attempt: number): void;
  /** The present sequence, on a first connection. */
  started(sequence: number): void;
  received(event: TaskEvent | ReminderTriggered): void;
  /** Something the user is told of. */
  notified(told: Told): void;
  /** The inbox changed, here or elsewhere, and has so many unread. */
  inboxChanged(unread: number): void;
  /** What is known can no longer be brought up to date by events. */
  resync(sequence: number): void;
}

/**
 * Holds one event stream open, for ever: a new ticket and the last sequence for each connection, because
 * EventSource itself would come back with the used ticket. Answers how to end it.
 */
export const openStream = (listener: StreamListener): (() => void) => {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let ended = false;

  const connect = async (): Promise<void> => {
    try {
      const { body } = await authorized<StreamTicket>({ method: "POST", path: "/notifications/stream-ticket" });
      if (!ended) listen(body.ticket);
    } catch {
      retry();
    }
  };

  const listen = (ticket: string): void => {
    const since = listener.since();
    const parameters = new URLSearchParams({ ticket, ...(since === null ? {} : { since: String(since) }) });
    source = new EventSource(`/api/v1/notifications/stream?${parameters}`);
    source.addEventListener("open", () => {
      failures = 0;
      listener.connected();
    });
    source.addEventListener("error", retry);
    const heard = (type: string, use: (data: unknown) => void): void =>
      source?.addEventListener(type, (event: MessageEvent<string>) => use(JSON.parse(event.data)));
    heard("hello", (data) => listener.started((data as Resync).sequence));
    heard("resync", (data) => listener.resync((data as Resync).sequence));
    for (const type of ["notification", "coalesced"]) heard(type, (data) => listener.notified(data as Told));
    heard("inbox", (data) => listener.inboxChanged((data as InboxChanged).unread));
    for (const type of dataEvents) heard(type, (data) => listener.received(data as TaskEvent | ReminderTriggered));
  };

  const retry = (): void => {
    source?.close();
    source = null;
    if (ended) return;
    failures += 1;
    listener.lost(failures);
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        timer = undefined;
        void connect();
      },
      backoffMs(failures - 1, Math.random()),
    );
  };

  /** The network is back, or the tab is looked at again: no reason to wait any longer. */
  const hurry = (): void => {
    if (source !== null || timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    void connect();
  };

  const goneOffline = (): void => {
    if (source !== null) retry();
  };

  addEventListener("online", hurry);
  addEventListener("offline", goneOffline);
  document.addEventListener("visibilitychange", hurry);
  void connect();

  return () => {
    ended = true;
    clearTimeout(timer);
    source?.close();
    removeEventListener("online", hurry);
    removeEventListener("offline", goneOffline);
    document.removeEventListener("visibilitychange", hurry);
  };
};

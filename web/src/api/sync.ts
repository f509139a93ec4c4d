import type { ReminderTriggered, TaskEvent } from "../../../src/contract/event.ts";
import type { SyncQuery } from "../../../src/contract/task.ts";
import { openDatabase, type Database, type ListName } from "./database.ts";
import { newId } from "./ids.ts";
import { catchUpInbox, followInbox, hearInbox, receiveNotification, startInbox } from "./inbox-store.ts";
import { withLock } from "./locks.ts";
import { touchedBy, type Before, type Command, type Operation, type Refusal } from "./operation.ts";
import { createOutbound, type Outbound } from "./outbound.ts";
import { tellOutcome } from "./outcomes.ts";
import { enqueue, learn, refuse, settle, type News } from "./replica.ts";
import { refreshUser } from "./session.ts";
import { openStream } from "./stream.ts";
import { syncTasks } from "./submit.ts";
import { joinTabs, type StateMessage, type TabMessage, type Tabs } from "./tabs.ts";
import { addLoaded, changeReplica, initialTasksState, useTasks, type Connection } from "./tasks-store.ts";

/** What is done or thrown away may be without end: of these lists the latest 5,000 are enough on a screen. */
const mostLoaded: Record<ListName, number> = {
  pending: Number.POSITIVE_INFINITY,
  series: Number.POSITIVE_INFINITY,
  completed: 5_000,
  deleted: 5_000,
};

/**
 * Lists of the server hold tasks and occurrences; a series is asked for, but the trash shows one that was thrown away
 * whole.
 */
const listQueries: Record<ListName, SyncQuery> = {
  pending: { status: "pending" },
  series: { kind: "series" },
  completed: { status: "completed" },
  deleted: { status: "deleted", kind: "all" },
};

/** Events of one burst are shown together. */
const burstMs = 4;

/** After this many failures in a row the pill no longer says "reconnecting". */
const offlineAfterFailures = 3;

interface Sync {
  readonly userId: string;
  readonly database: Database;
  readonly tabs: Tabs;
  readonly outbound: Outbound;
  readonly stopInbox: () => void;
  /** Lists being loaded, so that no list is loaded twice at once. */
  readonly loading: Map<ListName, Promise<void>>;
  readonly ended: AbortController;
  /** This tab holds the one stream of this browser. */
  leads: boolean;
}

let current: Sync | null = null;

/**
 * Starts to keep the tasks of a user true on this device: shows what is kept at once, then follows the stream.
 * Answers how to stop.
 */
export const startSync = async (userId: string): Promise<() => void> => {
  const database = await openDatabase(userId);
  const tabs = joinTabs(userId, (message) => hear(sync, message));
  const outbound = createOutbound(userId, database, {
    settled: (operation, { tasks, news }) => {
      applyHereAndElsewhere(sync, { kind: "settled", operationId: operation.id, news: { tasks } });
      if (news !== undefined) applyHereAndElsewhere(sync, { kind: "text", operation, news });
    },
    refused: (operation, refusal) =>
      applyHereAndElsewhere(sync, { kind: "refused", operationId: operation.id, refusal }),
    failed: (attempt) => {
      if (useTasks.getState().connection !== "live") setConnection(sync, lostConnection(attempt));
    },
  });
  const stopInbox = startInbox(userId, tabs.tell);
  const sync: Sync = {
    userId,
    database,
    tabs,
    outbound,
    stopInbox,
    loading: new Map(),
    ended: new AbortController(),
    leads: false,
  };
  current = sync;
  await showKept(database);
  tabs.tell({ kind: "who-is-connected" });
  outbound.flush();
  void lead(sync);
  return () => stop(sync);
};

const stop = (sync: Sync): void => {
  sync.ended.abort();
  sync.outbound.stop();
  sync.stopInbox();
  sync.tabs.close();
  sync.database.close();
  if (current === sync) current = null;
  useTasks.setState(initialTasksState);
};

const showKept = async (database: Database): Promise<void> => {
  const { tasks, queue, sequence, loaded } = await database.load();
  changeReplica((replica) => {
    const known = learn(replica, { tasks, ...(sequence === null ? {} : { sequence }) });
    return queue.reduce(enqueue, known);
  });
  useTasks.setState({ loaded, ready: true });
};

export interface Performed {
  readonly id: string;
  /** Fulfilled when this device keeps the operation: from then on it is not lost. */
  readonly kept: Promise<void>;
}

/** Does something: on the screen now, in the kept queue next, on the server when it can be reached. */
export const perform = (command: Command): Performed => {
  const sync = running();
  const operation: Operation = { id: newId(), at: new Date().toISOString(), userId: sync.userId, command };
  applyHereAndElsewhere(sync, { kind: "queued", operation });
  const kept = sync.database.enqueue(operation);
  kept.then(sync.outbound.flush, () => sayNotKept(sync, operation));
  return { id: operation.id, kept };
};

/** What this device has no room for is not done in silence: its row says so, and keeps the text as long as the page is open. */
const sayNotKept = (sync: Sync, { id }: Operation): void =>
  applyHereAndElsewhere(sync, {
    kind: "refused",
    operationId: id,
    refusal: { code: "not_kept", message: "this device has no room to keep it" },
  });

/** The tasks a command touches, as they are now: what undoing it brings back. */
export const beforeOf = (command: Command): Before[] => {
  const { view } = useTasks.getState().replica;
  return [...new Set(touchedBy(command))].map((id) => ({ id, task: view.get(id) ?? null }));
};

/** Gives up a refused operation. */
export const discard = (operationId: string): void => {
  const sync = running();
  void sync.database.settle(operationId, { tasks: [] }, null);
  applyHereAndElsewhere(sync, { kind: "settled", operationId, news: { tasks: [] } });
};

/** Loads a list whole, unless it is known already: once here, events keep it true. */
export const ensureLoaded = async (list: ListName): Promise<void> => {
  if (current === null || useTasks.getState().loaded.has(list)) return;
  const sync = current;
  const loading = sync.loading.get(list) ?? loadList(sync, list).finally(() => sync.loading.delete(list));
  sync.loading.set(list, loading);
  await loading;
};

const loadList = async (sync: Sync, list: ListName): Promise<void> => {
  let cursor: string | null = null;
  let loaded = 0;
  do {
    const page = await syncTasks({ ...listQueries[list], ...(cursor === null ? {} : { cursor }) });
    sync.ended.signal.throwIfAborted();
    take(sync, { tasks: page.tasks });
    cursor = page.next_cursor;
    loaded += page.tasks.length;
  } while (cursor !== null && loaded < mostLoaded[list]);
  await sync.database.markLoaded(list);
  applyHereAndElsewhere(sync, { kind: "loaded", list });
};

const running = (): Sync => {
  if (current === null) throw new Error("The sync is not running");
  return current;
};

/** Keeps news on this device, and shows it in every tab. */
const take = (sync: Sync, news: News): void => {
  if (sync.ended.signal.aborted) return;
  void sync.database.keep(news);
  applyHereAndElsewhere(sync, { kind: "news", news });
};

/** What arrives after the user has signed out is nobody's any more, and least of all the next user's. */
const applyHereAndElsewhere = (sync: Sync, message: StateMessage): void => {
  if (sync.ended.signal.aborted) return;
  apply(message);
  sync.tabs.tell(message);
};

const hear = (sync: Sync, message: TabMessage): void => {
  if (message.kind === "inbox" || message.kind === "notified") hearInbox(message);
  else if (message.kind !== "who-is-connected") apply(message);
  else if (sync.leads) sync.tabs.tell({ kind: "connection", connection: useTasks.getState().connection });
};

const apply = (message: StateMessage): void => {
  switch (message.kind) {
    case "news":
      return changeReplica((replica) => learn(replica, message.news));
    case "queued":
      return changeReplica((replica) => enqueue(replica, message.operation));
    case "settled":
      return changeReplica((replica) => settle(replica, message.operationId, message.news));
    case "refused":
      return takeRefusal(message.operationId, message.refusal);
    case "text":
      return tellOutcome(message);
    case "loaded":
      return addLoaded(message.list);
    case "restarted":
      return forgetTruth(message.sequence);
    case "connection":
      return useTasks.setState({ connection: message.connection });
  }
};

const takeRefusal = (operationId: string, refusal: Refusal): void => {
  const operation = useTasks.getState().replica.queue.find(({ id }) => id === operationId);
  changeReplica((replica) => refuse(replica, operationId, refusal));
  if (operation !== undefined) tellOutcome({ kind: "refused", operation, refusal });
};

const forgetTruth = (sequence: number): void => {
  changeReplica(({ queue }) => queue.reduce(enqueue, { ...initialTasksState.replica, sequence }));
  useTasks.setState({ loaded: new Set() });
};

/** One tab of a browser holds the stream and tells the others; when it closes, the next takes over. */
const lead = async (sync: Sync): Promise<void> => {
  const { signal } = sync.ended;
  try {
    await withLock(`taskflow.stream.${sync.userId}`, async () => holdStream(sync, signal), signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};

const holdStream = async (sync: Sync, signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return;
  sync.leads = true;
  const burst = createBurst<TaskEvent | ReminderTriggered>((events) => take(sync, joined(events.map(newsOf))));
  const close = openStream({
    since: () => useTasks.getState().replica.sequence,
    connected: () => {
      setConnection(sync, "live");
      sync.outbound.flush();
      void refreshUser().catch(() => undefined);
      void catchUpInbox().catch(() => undefined);
      void Promise.all([ensureLoaded("pending"), ensureLoaded("series")]).catch(() =>
        setConnection(sync, "reconnecting"),
      );
    },
    lost: (attempt) => setConnection(sync, lostConnection(attempt)),
    started: (sequence) => take(sync, { tasks: [], sequence }),
    received: burst,
    notified: receiveNotification,
    inboxChanged: followInbox,
    resync: (sequence) => void restart(sync, sequence),
  });
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  close();
};

const newsOf = ({ task, task_id, sequence, ...event }: TaskEvent | ReminderTriggered): News => {
  const isGone = event.event_type === "task.deleted" && event.purged_at !== undefined;
  return isGone ? { tasks: [], gone: [task_id], sequence } : { tasks: [task], sequence };
};

const joined = (news: readonly News[]): News => ({
  tasks: news.flatMap(({ tasks }) => tasks),
  gone: news.flatMap(({ gone }) => gone ?? []),
  sequence: Math.max(...news.map(({ sequence }) => sequence ?? 0)),
});

/** Gathers what arrives together, so that a thousand events are one change of the screen. */
const createBurst = <T>(use: (items: readonly T[]) => void): ((item: T) => void) => {
  let items: T[] = [];
  return (item) => {
    items.push(item);
    if (items.length > 1) return;
    setTimeout(() => {
      const gathered = items;
      items = [];
      use(gathered);
    }, burstMs);
  };
};

const restart = async (sync: Sync, sequence: number): Promise<void> => {
  const lists = useTasks.getState().loaded;
  await sync.database.restart(sequence);
  applyHereAndElsewhere(sync, { kind: "restarted", sequence });
  await Promise.all([...lists].map(ensureLoaded));
};

const lostConnection = (attempt: number): Connection =>
  !navigator.onLine || attempt >= offlineAfterFailures ? "offline" : "reconnecting";

const setConnection = (sync: Sync, connection: Connection): void =>
  applyHereAndElsewhere(sync, { kind: "connection", connection });

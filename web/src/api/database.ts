import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Task } from "../../../src/contract/task.ts";
import { forgetInbox } from "./kept-inbox.ts";
import type { Command, Operation, Refusal } from "./operation.ts";
import { isNews, newestOfEach, type News } from "./replica.ts";

/** The lists that are loaded whole, once; events keep them true from then on. */
export const listNames = ["pending", "series", "completed", "deleted"] as const;
export type ListName = (typeof listNames)[number];

interface Schema extends DBSchema {
  tasks: { key: string; value: Task };
  /** Keyed by a running number: the order in which the user did them. */
  queue: { key: number; value: Operation; indexes: { id: string } };
  /** The handle that takes a finished operation back, by the operation's id. */
  undo: { key: string; value: { handle: string | null; at: string } };
  progress: { key: "sequence"; value: number } | { key: `loaded.${ListName}`; value: number };
}

/** What this device keeps between starts. */
export interface Kept {
  readonly tasks: Task[];
  readonly queue: Operation[];
  readonly sequence: number | null;
  readonly loaded: ReadonlySet<ListName>;
}

const nameOf = (userId: string): string => `taskflow-${userId}`;
const undoKeptMs = 7 * 24 * 3600 * 1000;

/** Opens what this device keeps of one user. Every write is one transaction: it is kept whole, or not at all. */
export const openDatabase = async (userId: string) => {
  const db = await openDB<Schema>(nameOf(userId), 1, { upgrade: createStores });
  return {
    load: async (): Promise<Kept> => load(db),

    /** Keeps what is news; another tab may have kept something newer meanwhile. */
    keep: async (news: News): Promise<void> => {
      const transaction = db.transaction(["tasks", "progress"], "readwrite");
      await putNews(transaction.objectStore("tasks"), news);
      if (news.sequence !== undefined) await putSequence(transaction.objectStore("progress"), news.sequence);
      await transaction.done;
    },

    markLoaded: async (list: ListName): Promise<void> => {
      await db.put("progress", 1, `loaded.${list}`);
    },

    /** What is kept can no longer be brought up to date by events: forget it, but never what waits to be sent. */
    restart: async (sequence: number): Promise<void> => {
      const transaction = db.transaction(["tasks", "progress"], "readwrite");
      await transaction.objectStore("tasks").clear();
      await transaction.objectStore("progress").clear();
      await transaction.objectStore("progress").put(sequence, "sequence");
      await transaction.done;
    },

    enqueue: async (operation: Operation): Promise<void> => {
      await db.add("queue", operation);
    },

    queue: async (): Promise<Operation[]> => db.getAll("queue"),

    /** Ends an operation, with what the server answered to it. */
    settle: async (operationId: string, news: News, handle: string | null): Promise<void> => {
      const transaction = db.transaction(["tasks", "queue", "undo"], "readwrite");
      await putNews(transaction.objectStore("tasks"), news);
      const key = await transaction.objectStore("queue").index("id").getKey(operationId);
      if (key !== undefined) await transaction.objectStore("queue").delete(key);
      await transaction.objectStore("undo").put({ handle, at: new Date().toISOString() }, operationId);
      await transaction.done;
    },

    refuse: async (operationId: string, refusal: Refusal): Promise<void> => {
      const transaction = db.transaction("queue", "readwrite");
      const cursor = await transaction.store.index("id").openCursor(operationId);
      await cursor?.update({ ...cursor.value, refusal });
      await transaction.done;
    },

    /** Keeps another form of what an operation says: what it was merged with on its way, it is not merged with again. */
    rebase: async (operationId: string, command: Command): Promise<void> => {
      const transaction = db.transaction("queue", "readwrite");
      const cursor = await transaction.store.index("id").openCursor(operationId);
      await cursor?.update({ ...cursor.value, command });
      await transaction.done;
    },

    /** A task as the server last told it. */
    task: async (id: string): Promise<Task | undefined> => db.get("tasks", id),

    undoHandle: async (operationId: string): Promise<string | null> =>
      (await db.get("undo", operationId))?.handle ?? null,

    close: (): void => db.close(),
  };
};
export type Database = Awaited<ReturnType<typeof openDatabase>>;

/** How many changes of a user wait on this device, while nobody is signed in. */
export const countWaiting = async (userId: string): Promise<number> => {
  const database = await openDatabase(userId);
  const queue = await database.queue();
  database.close();
  return queue.filter(({ refusal }) => refusal === undefined).length;
};

/** Removes what this device keeps of a user, but not what they typed and did not save. */
export const forgetUser = async (userId: string): Promise<void> => {
  forgetInbox(userId);
  await deleteDB(nameOf(userId));
};

const createStores = (db: IDBPDatabase<Schema>): void => {
  db.createObjectStore("tasks", { keyPath: "id" });
  db.createObjectStore("queue", { autoIncrement: true }).createIndex("id", "id", { unique: true });
  db.createObjectStore("undo");
  db.createObjectStore("progress");
};

const load = async (db: IDBPDatabase<Schema>): Promise<Kept> => {
  const transaction = db.transaction(["tasks", "queue", "progress"]);
  const [tasks, queue, progress] = await Promise.all([
    transaction.objectStore("tasks").getAll(),
    transaction.objectStore("queue").getAll(),
    transaction.objectStore("progress").getAllKeys(),
  ]);
  const sequence = await transaction.objectStore("progress").get("sequence");
  await transaction.done;
  await dropOldHandles(db);
  const loaded = listNames.filter((list) => progress.includes(`loaded.${list}`));
  return { tasks, queue, sequence: sequence ?? null, loaded: new Set(loaded) };
};

const dropOldHandles = async (db: IDBPDatabase<Schema>): Promise<void> => {
  const oldest = new Date(Date.now() - undoKeptMs).toISOString();
  const transaction = db.transaction("undo", "readwrite");
  for await (const cursor of transaction.store) if (cursor.value.at < oldest) await cursor.delete();
  await transaction.done;
};

interface TaskStore {
  get(id: string): Promise<Task | undefined>;
  put(task: Task): Promise<string>;
  delete(id: string): Promise<void>;
}

const putNews = async (store: TaskStore, { tasks, gone = [] }: News): Promise<void> => {
  const told = newestOfEach(tasks);
  const known = await Promise.all(told.map(({ id }) => store.get(id)));
  const news = told.filter((task, index) => isNews(known[index], task));
  await Promise.all([...news.map((task) => store.put(task)), ...gone.map((id) => store.delete(id))]);
};

interface ProgressStore {
  get(key: "sequence"): Promise<number | undefined>;
  put(value: number, key: "sequence"): Promise<string>;
}

const putSequence = async (store: ProgressStore, sequence: number): Promise<void> => {
  const known = await store.get("sequence");
  if (known === undefined || known < sequence) await store.put(sequence, "sequence");
};

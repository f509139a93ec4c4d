import type { Task } from "../../../src/contract/task.ts";
import { applyOperation, touchedBy, type Operation, type Refusal } from "./operation.ts";

/**
 * What this device knows: the server's truth, the operations the server has not answered yet, and the two
 * laid over each other, which is what the screens show. Plain data; every function answers a new one.
 */
export interface Replica {
  readonly truth: ReadonlyMap<string, Task>;
  readonly queue: readonly Operation[];
  readonly view: ReadonlyMap<string, Task>;
  /** The last event of the stream that is contained, or null before the first. */
  readonly sequence: number | null;
}

export const emptyReplica: Replica = { truth: new Map(), queue: [], view: new Map(), sequence: null };

/** What a source tells: tasks as they are, ids of tasks gone for good, and how far in the stream this is. */
export interface News {
  readonly tasks: readonly Task[];
  readonly gone?: readonly string[];
  readonly sequence?: number;
}

/** True when `task` is newer than what is known: the version decides, whichever way and however often it arrives. */
export const isNews = (known: Task | undefined, task: Task): boolean =>
  known === undefined || task.version > known.version;

/** Of tasks told several times, each one once, as the newest has it. */
export const newestOfEach = (tasks: readonly Task[]): Task[] => {
  const newest = new Map<string, Task>();
  for (const task of tasks) if (isNews(newest.get(task.id), task)) newest.set(task.id, task);
  return [...newest.values()];
};

/** Takes in what a list, an answer or the stream said. */
export const learn = (replica: Replica, { tasks, gone = [], sequence }: News): Replica => {
  const news = newestOfEach(tasks).filter((task) => isNews(replica.truth.get(task.id), task));
  const known = Math.max(replica.sequence ?? -1, sequence ?? -1);
  const next = { ...replica, sequence: known < 0 ? null : known };
  if (news.length === 0 && gone.length === 0) return next;
  const truth = new Map(replica.truth);
  for (const task of news) truth.set(task.id, task);
  for (const id of gone) truth.delete(id);
  return laidOver({ ...next, truth }, [...news.map(({ id }) => id), ...gone]);
};

/** Adds an operation of the user. One that is known already changes nothing. */
export const enqueue = (replica: Replica, operation: Operation): Replica => {
  if (replica.queue.some(({ id }) => id === operation.id)) return replica;
  return laidOver({ ...replica, queue: [...replica.queue, operation] }, touchedBy(operation.command));
};

/** The server did it (or the user gave it up): the operation ends, and what it touched is as the truth says. */
export const settle = (replica: Replica, operationId: string, news: News = { tasks: [] }): Replica => {
  const operation = replica.queue.find(({ id }) => id === operationId);
  const known = learn(replica, news);
  if (operation === undefined) return known;
  const queue = known.queue.filter(({ id }) => id !== operationId);
  return laidOver({ ...known, queue }, touchedBy(operation.command));
};

/** The server refused it: it is taken back on the screen, but kept with what the user typed until they decide. */
export const refuse = (replica: Replica, operationId: string, refusal: Refusal): Replica => {
  const operation = replica.queue.find(({ id }) => id === operationId);
  if (operation === undefined) return replica;
  const queue = replica.queue.map((each) => (each.id === operationId ? { ...each, refusal } : each));
  return laidOver({ ...replica, queue }, touchedBy(operation.command));
};

/** How many changes wait for the server. */
export const waitingCount = (replica: Replica): number =>
  replica.queue.filter((operation) => operation.refusal === undefined).length;

/** The tasks whose rows tell of a refused operation. */
export const refusedTaskIds = (queue: readonly Operation[]): ReadonlySet<string> =>
  new Set(queue.flatMap((operation) => (operation.refusal === undefined ? [] : touchedBy(operation.command))));

/** The refused operation that the row of a task tells of, if any: the latest. */
export const refusedOperation = (replica: Replica, taskId: string): Operation | undefined =>
  replica.queue.findLast(
    (operation) => operation.refusal !== undefined && touchedBy(operation.command).includes(taskId),
  );

/** A refused operation shows no longer; but a task that was never made keeps its row, or its text would be lost. */
const shows = (operation: Operation): boolean => operation.refusal === undefined || operation.command.kind === "create";

const laidOver = (replica: Replica, ids: readonly string[]): Replica => {
  const view = new Map(replica.view);
  const touched = new Set(ids);
  const relevant = replica.queue.filter(
    (operation) => shows(operation) && touchedBy(operation.command).some((id) => touched.has(id)),
  );
  for (const id of touched) {
    const task = relevant
      .filter((operation) => touchedBy(operation.command).includes(id))
      .reduce<Task | undefined>((now, operation) => applyOperation(now, id, operation), replica.truth.get(id));
    if (task === undefined) view.delete(id);
    else view.set(id, task);
  }
  return { ...replica, view };
};

import type { Database } from "../../../../adapters/db/database.ts";
import { DomainError, invalidField } from "../../../../contract/problem.ts";
import type { Task, TaskList, TaskQuery, WrittenTask } from "../../../../contract/task.ts";
import type {
  KnownPast,
  ListRevertAnswer,
  TaskDiff,
  TaskDiffList,
  TaskDiffListQuery,
  TaskDiffQuery,
  TaskRevert,
} from "../../../../contract/time-travel.ts";
import { differenceOf } from "../../../../domain/past.ts";
import type { SeriesContext } from "../../../../domain/series/draft.ts";
import { isWithdrawn } from "../../../../domain/series/occurrence.ts";
import { decideReturn, decideTakeBack, type PastTasks } from "../../../../domain/series/revert.ts";
import { checkVersion, type TaskChange } from "../../../../domain/task.ts";
import type { Clock } from "../../../../ports.ts";
import { seriesContext } from "../series-context.ts";
import type { Actor, Answer, Plan, TaskWriter } from "../writer.ts";
import { readChangeCursor, writeChangeCursor } from "./change-cursor.ts";
import { readKnownPast, readMoment } from "./known-past.ts";
import { listTasksAt } from "./past-list.ts";
import { findChange, readChangedTasks, readTasksAt } from "./past-tasks.ts";

export interface TimeTravelDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly writer: TaskWriter;
  readonly newId: () => string;
}

/**
 * Tasks as they were, what became of them, and the way back (spec §6). Moments are texts of a request, and refused with
 * a 422 where nothing is known.
 */
export interface TimeTravel {
  known(userId: string): Promise<KnownPast>;
  list(userId: string, asOf: string, query: TaskQuery): Promise<TaskList>;
  /** A task that was not there, or was in the trash, is `not_found`. */
  get(userId: string, id: string, asOf: string): Promise<Task>;
  diff(userId: string, id: string, query: TaskDiffQuery): Promise<TaskDiff>;
  diffList(userId: string, query: TaskDiffListQuery): Promise<TaskDiffList>;
  /** `version` is the expected one, from `If-Match`. */
  revert(actor: Actor, id: string, revert: TaskRevert, version: number | undefined): Promise<Answer<WrittenTask>>;
  revertAll(actor: Actor, asOf: string): Promise<Answer<ListRevertAnswer>>;
}

type DecideOne = (tasks: ReadonlyMap<string, Task>, task: Task, context: SeriesContext) => readonly TaskChange[];

const DEFAULT_LIMIT = 50;
/** As many as a bulk write takes. */
const MOST_REVERTED = 500;

export const createTimeTravel = (deps: TimeTravelDeps): TimeTravel => {
  const { database, writer, newId } = deps;

  const momentOf = async (userId: string, field: string, text: string): Promise<number> =>
    readMoment(await readKnownPast(deps, userId), field, text);

  const spanOf = async (userId: string, { from, to }: TaskDiffQuery): Promise<{ from: number; to: number }> => {
    const known = await readKnownPast(deps, userId);
    const span = { from: readMoment(known, "from", from), to: readMoment(known, "to", to ?? known.until) };
    if (span.from > span.to) throw invalidField("from", "must not be after `to`");
    return span;
  };

  const diffsOf = async (
    userId: string,
    ids: readonly string[],
    { from, to }: { from: number; to: number },
  ): Promise<TaskDiff[]> => {
    const [before, after] = [
      await readTasksAt(database, userId, ids, from),
      await readTasksAt(database, userId, ids, to),
    ];
    return ids.map((id) => differenceOf(id, before.get(id) ?? null, after.get(id) ?? null));
  };

  /** Decides on one task that is there, in the trash or not. */
  const writeOne = (
    actor: Actor,
    id: string,
    version: number | undefined,
    decide: DecideOne,
  ): Promise<Answer<WrittenTask>> =>
    writer.write(actor, [id], (tasks, context) => {
      const task = tasks.get(id);
      if (task === undefined || isWithdrawn(task)) throw notFound(id);
      checkVersion(task, version);
      const changes = decide(tasks, task, seriesContext(context, newId));
      const after = changes.find((change) => change.after.id === id)?.after ?? task;
      const plan: Plan<object> = { changes, status: 200, body: { ...after, warnings: [] }, derivedIds: true };
      return plan;
    }) as Promise<Answer<WrittenTask>>;

  const returnTo = async (
    actor: Actor,
    id: string,
    asOf: string,
    version: number | undefined,
  ): Promise<Answer<WrittenTask>> => {
    const past = await readTasksAt(database, actor.userId, [id], await momentOf(actor.userId, "as_of", asOf));
    if ((past.get(id) ?? null) === null) throw notFound(id);
    return writeOne(actor, id, version, (tasks, _task, context) => decideReturn(tasks, past, context));
  };

  const takeBack = async (
    actor: Actor,
    id: string,
    eventId: string,
    force: boolean,
    version: number | undefined,
  ): Promise<Answer<WrittenTask>> => {
    const event = await findChange(database, actor.userId, id, eventId);
    if (event === undefined) throw new DomainError("not_found", `there is no change ${eventId} of a task ${id}`);
    return writeOne(actor, id, version, (tasks, task, context) => decideTakeBack(tasks, task, event, force, context));
  };

  return {
    known: (userId) => readKnownPast(deps, userId),

    list: async (userId, asOf, query) => listTasksAt(database, userId, await momentOf(userId, "as_of", asOf), query),

    async get(userId, id, asOf) {
      const task = (await readTasksAt(database, userId, [id], await momentOf(userId, "as_of", asOf))).get(id) ?? null;
      if (task === null || task.deleted_at !== null) throw notFound(id);
      return task;
    },

    async diff(userId, id, query) {
      const [diff] = await diffsOf(userId, [id], await spanOf(userId, query));
      if (diff === undefined || diff.title === "") throw notFound(id);
      return diff;
    },

    async diffList(userId, query) {
      const span = await spanOf(userId, query);
      const limit = query.limit ?? DEFAULT_LIMIT;
      const before = query.cursor === undefined ? undefined : readChangeCursor(query.cursor);
      const changed = await readChangedTasks(database, userId, { ...span, before, limit: limit + 1 });
      const page = changed.slice(0, limit);
      const diffs = await diffsOf(
        userId,
        page.map(({ id }) => id),
        span,
      );
      return {
        from: new Date(span.from).toISOString(),
        to: new Date(span.to).toISOString(),
        tasks: diffs.filter(({ difference }) => difference !== "none"),
        next_cursor: changed.length > limit ? writeChangeCursor(page.at(-1)?.last ?? 0) : null,
      };
    },

    revert(actor, id, { event_id, as_of, force = false }, version) {
      if (event_id !== undefined && as_of === undefined) return takeBack(actor, id, event_id, force, version);
      if (as_of !== undefined && event_id === undefined) return returnTo(actor, id, as_of, version);
      throw invalidField("event_id", "send one of event_id and as_of");
    },

    async revertAll(actor, asOf) {
      const known = await readKnownPast(deps, actor.userId);
      const from = readMoment(known, "as_of", asOf);
      const changed = await readChangedTasks(database, actor.userId, {
        from,
        to: Date.parse(known.until),
        limit: MOST_REVERTED + 1,
      });
      if (changed.length > MOST_REVERTED)
        throw invalidField("as_of", `more than ${MOST_REVERTED} tasks have changed since; revert them one by one`);
      const past = await readTasksAt(
        database,
        actor.userId,
        changed.map(({ id }) => id),
        from,
      );
      return writer.write(actor, [...past.keys()], (tasks, context) =>
        planReturn(tasks, past, seriesContext(context, newId)),
      ) as Promise<Answer<ListRevertAnswer>>;
    },
  };
};

const notFound = (id: string): DomainError => new DomainError("not_found", `there is no task ${id}`);

const planReturn = (tasks: ReadonlyMap<string, Task>, past: PastTasks, context: SeriesContext): Plan<object> => {
  const changes = decideReturn(tasks, past, context);
  const gone = [...past]
    .filter(([id, then]) => then !== null && then.deleted_at === null && !tasks.has(id))
    .map(([id]) => id);
  const body = {
    reverted: changes.map(({ after }) => after.id),
    tasks: changes.map(({ after }) => after),
    purged: gone,
  };
  return { changes, status: 200, body, derivedIds: true };
};

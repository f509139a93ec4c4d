import { LRUCache } from "lru-cache";
import pLimit, { type LimitFunction } from "p-limit";
import type { Database } from "../../../adapters/db/database.ts";
import type { ActorKind } from "../../../contract/event.ts";
import { DomainError } from "../../../contract/problem.ts";
import type { Task } from "../../../contract/task.ts";
import { idTaken } from "../../../domain/command/task-commands.ts";
import { isSeries } from "../../../domain/series/series-rule.ts";
import type { ReminderClock } from "../../../domain/reminder/instant.ts";
import type { TaskChange, TaskContext } from "../../../domain/task.ts";
import type { Clock, LongWork, Metrics, ProcessorShare } from "../../../ports.ts";
import { commit, type SequenceRange } from "./commit.ts";
import { findReminderRoom } from "./reminder-room.ts";
import { findAnswer, readFamilies, readTasks, rememberAnswer } from "./task-store.ts";
import type { UndoHandles } from "./undo-handle.ts";

/** Who writes, for which user, in which request. */
export interface Actor {
  readonly userId: string;
  readonly actorId: string;
  readonly actorKind: ActorKind;
  readonly correlationId: string;
  /** The `Idempotency-Key` and a hash of the request it came with. */
  readonly idempotency?: { readonly key: string; readonly requestHash: string } | undefined;
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body & { readonly undo: string | null };
}

/** What is decided from the tasks as they are: the changes, in order, and what to answer. */
export interface Plan<Body> {
  readonly changes: readonly TaskChange[];
  readonly status: number;
  readonly body: Body;
  /** Tasks that the decision rests on and does not change. */
  readonly guards?: readonly Task[];
  /** Of new tasks, those ids that a client chose. */
  readonly chosenIds?: readonly string[];
  /**
   * The ids of new tasks follow from others: one that is taken means that somebody was faster, and the decision is made
   * again.
   */
  readonly derivedIds?: true;
}

export interface DecisionContext extends TaskContext {
  /** How many occurrences a series has had, where its rule counts them. */
  occurrencesMade(seriesId: string): number;
}

/** A decision that takes long gives way between its steps. */
export type Decide<Body> = (
  tasks: ReadonlyMap<string, Task>,
  context: DecisionContext,
  work: LongWork,
) => Plan<Body> | Promise<Plan<Body>>;

export interface TaskWriter {
  /**
   * Reads the tasks `ids` and, for recurring ones, what belongs to them; decides and commits in one statement; decides
   * again when something changed in between. The same idempotency key answers what it answered first. Refuses with
   * `unauthenticated` for a closed account.
   */
  write<Body extends object>(actor: Actor, ids: readonly string[], decide: Decide<Body>): Promise<Answer<Body>>;
  /** The user's zone as it is now: a read has no check that would find out that it was an older one. */
  zoneOf(userId: string): Promise<string>;
}

export interface TaskWriterDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly newId: () => string;
  readonly undoHandles: UndoHandles;
  readonly processorShare: ProcessorShare;
  /** Called after each commit that left events in the outbox. */
  readonly onCommitted: () => void;
}

interface ReadState {
  readonly clock: ReminderClock;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly made: ReadonlyMap<string, number>;
}

const MOST_TRIES = 20;
const CLOCK_CACHE_MS = 10_000;

export const createTaskWriter = (deps: TaskWriterDeps): TaskWriter => {
  const { database, clock, metrics, newId, processorShare, undoHandles, onCommitted } = deps;
  const clocks = new LRUCache<string, ReminderClock>({ max: 10_000, ttl: CLOCK_CACHE_MS });
  const turns = new LRUCache<string, LimitFunction>({ max: 1_000 });

  const read = async (userId: string, ids: readonly string[]): Promise<ReadState> => {
    const cached = clocks.get(userId);
    return ids.length === 0 && cached !== undefined
      ? { clock: cached, tasks: new Map(), made: new Map() }
      : readNow(userId, ids);
  };

  const readNow = async (userId: string, ids: readonly string[]): Promise<ReadState> => {
    const { clock: clockNow, tasks } = await readTasks(database, userId, ids);
    if (clockNow === undefined) throw new DomainError("unauthenticated", "this account is closed");
    clocks.set(userId, clockNow);
    const seriesIds = new Set(
      [...tasks.values()].flatMap((task) => (isSeries(task) ? task.id : (task.parent_recurring_task_id ?? []))),
    );
    if (seriesIds.size === 0) return { clock: clockNow, tasks, made: new Map() };
    const families = await readFamilies(database, userId, [...seriesIds]);
    return {
      clock: clockNow,
      tasks: new Map([...tasks, ...families.tasks.map((task) => [task.id, task] as const)]),
      made: families.made,
    };
  };

  const replay = async <Body>({ userId, idempotency }: Actor): Promise<Answer<Body> | undefined> => {
    if (idempotency === undefined) return undefined;
    const stored = await findAnswer(database, userId, idempotency.key);
    if (stored === undefined) return undefined;
    if (stored.requestHash !== idempotency.requestHash)
      throw new DomainError("idempotency_key_reused", "this Idempotency-Key came with another request before");
    return {
      status: stored.status,
      body: {
        ...(stored.answer as Body),
        undo: stored.range === null ? null : undoHandles.write(userId, stored.range),
      },
    };
  };

  const attempt = async <Body extends object>(
    actor: Actor,
    ids: readonly string[],
    decide: Decide<Body>,
    taken: Set<string>,
  ): Promise<Answer<Body> | "again"> => {
    const { clock: clockRead, tasks, made } = await read(actor.userId, [...ids, ...taken]);
    const now = clock.now();
    const context = { now, ...clockRead, occurrencesMade: (seriesId: string) => made.get(seriesId) ?? 0 };
    const work = processorShare.begin(actor.userId);
    const plan = await decide(tasks, context, work);
    const remember = actor.idempotency && { ...actor.idempotency, status: plan.status, answer: plan.body };
    if (plan.changes.length === 0) {
      const before = await replay<Body>(actor);
      if (before === undefined && remember !== undefined) await rememberAnswer(database, actor.userId, remember);
      return before ?? { status: plan.status, body: { ...plan.body, undo: null } };
    }
    // A series goes on whatever room there is.
    const sequenceRead =
      actor.actorKind === "system" ? undefined : await findReminderRoom(database, actor.userId, plan.changes, now);
    const write = {
      userId: actor.userId,
      changes: plan.changes,
      guards: plan.guards,
      chosenIds: plan.chosenIds,
      clockRead,
      sequenceRead,
      event: { ...actor, now, ...clockRead },
      remember,
    };
    work.resume();
    const result = await commit(database, newId, write, work);
    if (result.outcome === "committed") {
      onCommitted();
      const undo = undoHandles.write(actor.userId, result satisfies SequenceRange);
      return { status: plan.status, body: { ...plan.body, undo } };
    }
    if (result.outcome === "id-taken" && plan.derivedIds !== true) throw idTaken("id");
    // The next try sees who has the ids that this one wanted to give.
    if (result.outcome === "id-taken")
      for (const { before, after } of plan.changes) if (before === null) taken.add(after.id);
    clocks.delete(actor.userId);
    metrics.count("taskflow_task_write_retries_total", { reason: result.outcome });
    return (await replay<Body>(actor)) ?? "again";
  };

  /** Tries so often; undefined when every try met another write. */
  const attempts = async <Body extends object>(
    tries: number,
    actor: Actor,
    ids: readonly string[],
    decide: Decide<Body>,
  ): Promise<Answer<Body> | undefined> => {
    const taken = new Set<string>();
    for (let left = tries; left > 0; left -= 1) {
      try {
        const answer = await attempt(actor, ids, decide, taken);
        if (answer !== "again") return answer;
      } catch (error) {
        // A repeated request may be refused now for what its first try did; then the first answer is the right one.
        const before =
          error instanceof DomainError && error.code !== "unavailable" ? await replay<never>(actor) : undefined;
        if (before !== undefined) return before;
        throw error;
      }
    }
    return undefined;
  };

  /** Writes that crossed another one take turns, or many at once would keep undoing each other's reads. */
  const turnOf = (userId: string): LimitFunction => {
    const turn = turns.get(userId) ?? pLimit(1);
    turns.set(userId, turn);
    return turn;
  };

  return {
    async write(actor, ids, decide) {
      const answer =
        (await attempts(1, actor, ids, decide)) ??
        (await turnOf(actor.userId)(() => attempts(MOST_TRIES, actor, ids, decide)));
      if (answer !== undefined) return answer;
      throw new DomainError("unavailable", "too many writes to the same task at once; nothing was written", {
        retryAfter: 1,
      });
    },
    zoneOf: async (userId) => (await readNow(userId, [])).clock.zone,
  };
};

import type { Command } from "../../contract/command.ts";
import { DomainError } from "../../contract/problem.ts";
import type { Task } from "../../contract/task.ts";
import { decide, taskIdsOf } from "../../domain/command/decide.ts";
import type { Decision } from "../../domain/command/decision.ts";
import type { SeriesContext } from "../../domain/series/draft.ts";
import { afterOthers } from "../../domain/series/task-write.ts";
import type { TaskChange } from "../../domain/task.ts";
import type { LongWork } from "../../ports.ts";
import { seriesContext } from "./tasks/series-context.ts";
import type { Actor, Answer, TaskWriter } from "./tasks/writer.ts";

/** What commands came to: a decision each, in their order, and the tasks that were read as they are now. */
export interface Executed {
  readonly decisions: readonly Decision[];
  readonly tasks: ReadonlyMap<string, Task>;
}

/** What a door answers to what was decided; kept with the write, for a request that is repeated. */
export interface DoorAnswer<Body> {
  readonly status: number;
  readonly body: Body;
}

/**
 * Carries out what a user wants: reads what the commands need, decides, and commits tasks, log, outbox and the
 * remembered answer in one statement; decides again when something changed in between.
 */
export interface Execute {
  one<Body extends object>(
    actor: Actor,
    command: Command,
    answer: (decision: Decision) => DoorAnswer<Body>,
  ): Promise<Answer<Body>>;
  /** All or none, in order, as one write with one undo handle. A refusal says which of them it is about. */
  all<Body extends object>(
    actor: Actor,
    commands: readonly Command[],
    answer: (executed: Executed) => DoorAnswer<Body>,
  ): Promise<Answer<Body>>;
}

type DecideInTurn = (index: number, decide: () => Decision) => Decision;

export const createExecute = ({ writer, newId }: { writer: TaskWriter; newId: () => string }): Execute => {
  const execute = <Body extends object>(
    actor: Actor,
    asked: readonly Command[],
    answer: (executed: Executed) => DoorAnswer<Body>,
    inTurn: DecideInTurn,
  ): Promise<Answer<Body>> => {
    const commands = asked.map((command) => withId(command, newId));
    const created = commands.some(({ kind }) => kind === "task.create");
    return writer.write(actor, [...new Set(commands.flatMap(taskIdsOf))], async (tasks, context, work) => {
      const executed = await decideAll(commands, { userId: actor.userId, tasks }, seriesContext(context, newId), {
        inTurn,
        work,
      });
      return {
        changes: executed.decisions.flatMap(({ changes }) => changes),
        chosenIds: asked.flatMap((command) => (command.kind === "task.create" ? (command.task.id ?? []) : [])),
        // The id of a new task may be its client's, and then it is no use to decide again.
        ...(created ? {} : { derivedIds: true }),
        ...answer(executed),
      };
    });
  };

  return {
    one: (actor, command, answer) =>
      execute(
        actor,
        [command],
        ({ decisions: [decision] }) => answer(requireDecision(decision)),
        (_index, run) => run(),
      ),
    all: (actor, commands, answer) => execute(actor, commands, answer, namingTheOperation),
  };
};

const withId = (command: Command, newId: () => string): Command =>
  command.kind === "task.create" && command.task.id === undefined
    ? { ...command, task: { ...command.task, id: newId() } }
    : command;

const decideAll = async (
  commands: readonly Command[],
  { userId, tasks: read }: { readonly userId: string; readonly tasks: ReadonlyMap<string, Task> },
  context: SeriesContext,
  { inTurn, work }: { readonly inTurn: DecideInTurn; readonly work: LongWork },
): Promise<Executed> => {
  const tasks = new Map(read);
  const decisions: Decision[] = [];
  const changes: TaskChange[] = [];
  for (const [index, command] of commands.entries()) {
    await work.giveWay();
    const decision = inTurn(index, () => decide(command, { userId, tasks }, afterOthers(context, changes)));
    decisions.push(decision);
    changes.push(...decision.changes);
    for (const { after } of decision.changes) tasks.set(after.id, after);
  }
  return { decisions, tasks };
};

const requireDecision = (decision: Decision | undefined): Decision => {
  if (decision === undefined) throw new Error("a command came to no decision");
  return decision;
};

/** Puts the number of the operation before the field that a refusal names. */
const namingTheOperation: DecideInTurn = (index, run) => {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errors = (error.extras.errors ?? []).map(({ field, message }) => ({
      field: `operations.${index}.${field}`,
      message,
    }));
    throw new DomainError(error.code, `operation ${index}: ${error.message}`, {
      ...error.extras,
      ...(errors.length === 0 ? {} : { errors }),
      members: { ...error.extras.members, operation: index },
    });
  }
};

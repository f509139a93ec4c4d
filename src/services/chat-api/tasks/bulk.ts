import type { Command } from "../../../contract/command.ts";
import type { BulkAnswer, BulkOperation } from "../../../contract/task.ts";
import { taskIdsOf } from "../../../domain/command/decide.ts";
import type { DoorAnswer, Execute, Executed } from "../execute.ts";
import type { Actor, Answer } from "./writer.ts";

/** `POST /tasks/bulk`: up to 500 operations as one write. */
export const runBulk = (
  execute: Execute,
  actor: Actor,
  operations: readonly BulkOperation[],
): Promise<Answer<Omit<BulkAnswer, "undo">>> => {
  const commands = operations.map(commandOf);
  return execute.all(actor, commands, (executed) => answerBulk(commands, executed));
};

const commandOf = (operation: BulkOperation): Command => {
  switch (operation.op) {
    case "create":
      return { kind: "task.create", task: operation.task };
    case "update": {
      const { id, version, patch, scope } = operation;
      return { kind: "task.update", id, version, patch, scope };
    }
    case "delete": {
      const { id, version, scope, occurrence_date } = operation;
      return { kind: "task.delete", id, version, scope, occurrence_date };
    }
    default: {
      const { op, id, version, occurrence_date } = operation;
      return { kind: `task.${op}`, id, version, occurrence_date };
    }
  }
};

/** Each task that was named or made, as it is after the write; and which dates were meant by the id of a series. */
const answerBulk = (
  commands: readonly Command[],
  { decisions, tasks }: Executed,
): DoorAnswer<Omit<BulkAnswer, "undo">> => {
  const named = decisions.map(({ task }, index) => {
    const [id = task.id] = taskIdsOf(commands[index] ?? { kind: "task.create", task });
    return { id, task };
  });
  const acted_on = named.flatMap(({ id, task }, operation) =>
    task.id !== id && task.occurrence_date != null
      ? [{ operation, task_id: task.id, occurrence_date: task.occurrence_date }]
      : [],
  );
  const ids = new Set([...named.map(({ id }) => id), ...acted_on.map(({ task_id }) => task_id)]);
  return {
    status: 200,
    body: {
      tasks: [...ids].flatMap((id) => tasks.get(id) ?? []),
      warnings: [...new Set(decisions.flatMap(({ warnings }) => warnings))],
      acted_on,
    },
  };
};

import type { Task } from "../../../contract/task.ts";
import { purgeTask } from "../../../domain/task.ts";
import type { Actor, TaskWriter } from "./writer.ts";

/** Takes those tasks away for good for which `due` says so; answers how many. There is no undo. */
export type Purge = (actor: Actor, ids: readonly string[], due: (task: Task) => boolean) => Promise<number>;

export const createPurge =
  (writer: TaskWriter): Purge =>
  async (actor, ids, due) => {
    let purged = 0;
    await writer.write(actor, ids, (tasks, context) => {
      const gone = [...tasks.values()].filter(due);
      purged = gone.length;
      return { changes: gone.map((task) => purgeTask(task, context)), status: 204, body: {} };
    });
    return purged;
  };

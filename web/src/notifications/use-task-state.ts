import type { Notification } from "../../../src/contract/notification.ts";
import { useTasks } from "../api/tasks-store.ts";

/** How the task of a notification stands now, which may be long after: gone when it is not here, or none is meant. */
export const useTaskState = ({ task_id }: Notification): "open" | "completed" | "gone" =>
  useTasks((state) => {
    const task = task_id === null ? undefined : state.replica.view.get(task_id);
    if (task === undefined || task.deleted_at !== null) return "gone";
    return task.completed ? "completed" : "open";
  });

import type { ReactElement } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { classNames } from "../ui/class-names.ts";
import { completeTasks, reopenTask } from "./actions.ts";
import styles from "./Checkbox.module.css";
import { text } from "./messages.ts";

/** The round box before a task: its ring tells the priority, by colour and by line. */
export const Checkbox = ({ task }: { readonly task: Task }): ReactElement => (
  <button
    type="button"
    className={classNames(styles.checkbox, styles[task.priority], task.completed && styles.checked)}
    aria-label={task.completed ? text.reopen(task.title) : text.complete(task.title)}
    onClick={() => (task.completed ? reopenTask(task) : completeTasks([task]))}
  >
    <svg viewBox="0 0 20 20" aria-hidden>
      <circle className={styles.ring} cx="10" cy="10" r="8.5" />
      <path className={styles.tick} d="M6.2 10.4l2.6 2.6 5-5.6" />
    </svg>
  </button>
);

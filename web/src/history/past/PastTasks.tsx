import { useMemo, type ReactElement } from "react";
import type { Task } from "../../../../src/contract/task.ts";
import { useTasks } from "../../api/tasks-store.ts";
import { dayOf, type Clock } from "../../time/due-date.ts";
import { text } from "../messages.ts";
import { useRowsInSight } from "../use-rows-in-sight.ts";
import styles from "./Past.module.css";
import { PastRow } from "./PastRow.tsx";
import { changedSince } from "./since.ts";

interface PastTasksProps {
  readonly tasks: readonly Task[];
  /** Of the moment: what was overdue then. */
  readonly clock: Clock;
  readonly label: string;
  /** Overdue stands apart from that day. */
  readonly hasDays: boolean;
  readonly onEnd: () => void;
}

type Item =
  | { readonly kind: "heading"; readonly name: string; readonly count: number }
  | { readonly kind: "task"; readonly task: Task };

const guessedHeight = 40;
const nearEnd = 20;

/** The rows of a list as it was, those in sight. */
export const PastTasks = ({ tasks, clock, label, hasDays, onEnd }: PastTasksProps): ReactElement => {
  const view = useTasks((state) => state.replica.view);
  const isKnown = useTasks(({ loaded }) => loaded.has("pending") && loaded.has("completed") && loaded.has("deleted"));
  const items = useMemo(
    () => (hasDays ? byDay(tasks, clock) : tasks.map((task): Item => ({ kind: "task", task }))),
    [tasks, clock, hasDays],
  );
  const { list, rows, measure, listStyle, placeOf } = useRowsInSight({
    count: items.length,
    guessedHeight,
    nearEnd,
    onEnd,
    keyOf: (index) => keyOf(items[index]),
  });
  return (
    <ul ref={list} className={styles.list} style={listStyle} aria-label={label}>
      {rows.map(({ index, key, start }) => {
        const item = items[index];
        if (item === undefined) return null;
        return (
          <li key={key} ref={measure} data-index={index} className={styles.item} style={placeOf(start)}>
            {item.kind === "heading" ? (
              <h2 className={styles.heading}>
                {item.name} <small>{item.count}</small>
              </h2>
            ) : (
              <PastRow
                task={item.task}
                clock={clock}
                since={isKnown ? changedSince(item.task, view.get(item.task.id)) : []}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
};

const byDay = (tasks: readonly Task[], clock: Clock): Item[] => {
  const isBefore = ({ due_date }: Task): boolean => due_date !== null && dayOf(due_date, clock.zone) < clock.day;
  const sections = [
    { name: text.overdue, tasks: tasks.filter(isBefore) },
    { name: text.thatDay, tasks: tasks.filter((task) => !isBefore(task)) },
  ];
  return sections
    .filter((section) => section.tasks.length > 0)
    .flatMap((section): Item[] => [
      { kind: "heading", name: section.name, count: section.tasks.length },
      ...section.tasks.map((task): Item => ({ kind: "task", task })),
    ]);
};

const keyOf = (item: Item | undefined): string => (item?.kind === "task" ? item.task.id : `heading-${item?.name}`);

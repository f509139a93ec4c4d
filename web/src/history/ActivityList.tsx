import type { KeyboardEvent, ReactElement } from "react";
import type { Clock } from "../time/due-date.ts";
import { dayHeading } from "../time/due-words.ts";
import { dueVocabulary } from "../time/messages.ts";
import type { ActivityItem } from "./activity-items.ts";
import styles from "./ActivityList.module.css";
import { EntryRow, ManyRow } from "./ActivityRow.tsx";
import { text } from "./messages.ts";
import { useRowsInSight } from "./use-rows-in-sight.ts";

interface ActivityListProps {
  readonly items: readonly ActivityItem[];
  readonly clock: Clock;
  readonly userId: string;
  readonly onToggle: (key: string) => void;
  readonly onOnlyTask: (taskId: string) => void;
  /** The end is near: more is wanted, if there is more. */
  readonly onEnd: () => void;
}

const guessedHeight = 56;
const nearEnd = 12;

/** The activity, day by day. Only the rows in sight are on the page. */
export const ActivityList = ({
  items,
  clock,
  userId,
  onToggle,
  onOnlyTask,
  onEnd,
}: ActivityListProps): ReactElement => {
  const { list, rows, measure, listStyle, placeOf } = useRowsInSight({
    count: items.length,
    guessedHeight,
    nearEnd,
    onEnd,
    keyOf: (index) => items[index]?.key ?? index,
  });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the arrow keys go from row to row within it
    <ul ref={list} className={styles.list} style={listStyle} aria-label={text.activityList} onKeyDown={moveWithArrows}>
      {rows.map(({ index, key, start }) => {
        const item = items[index];
        if (item === undefined) return null;
        return (
          <li key={key} ref={measure} data-index={index} className={styles.item} style={placeOf(start)}>
            {item.kind === "day" && <h2 className={styles.day}>{dayHeading(item.day, clock.day, dueVocabulary)}</h2>}
            {item.kind === "entry" && (
              <EntryRow
                entry={item.entry}
                isOfMany={item.isOfMany}
                clock={clock}
                userId={userId}
                onOnlyTask={onOnlyTask}
              />
            )}
            {item.kind === "many" && (
              <ManyRow
                entries={item.entries}
                isOpen={item.isOpen}
                clock={clock}
                userId={userId}
                onToggle={() => onToggle(item.key)}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
};

/** From row to row, by what can have the focus in each. */
const moveWithArrows = (event: KeyboardEvent<HTMLUListElement>): void => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const targets = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")].toSorted(
    (a, b) => indexOf(a) - indexOf(b),
  );
  const at = targets.findIndex((target) => target === document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  const next = targets[at + (event.key === "ArrowDown" ? 1 : -1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
};

const indexOf = (target: HTMLElement): number => Number(target.closest("li")?.dataset.index);

import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from "react";
import type { Task } from "../../../src/contract/task.ts";
import { refusedTaskIds } from "../api/replica.ts";
import { useTasks } from "../api/tasks-store.ts";
import { classNames } from "../ui/class-names.ts";
import { touch, useMedia } from "../ui/media.ts";
import type { CivilDay, Clock } from "../time/due-date.ts";
import { extendSelection, focusRow, focusWanted, moveFocus } from "./list-focus.ts";
import { leaveList, useList } from "./list-state.ts";
import { addressOver, useOpenedTaskId, useViewAddress } from "./open-task.ts";
import { rowGestures } from "./row-gestures.ts";
import { successorOf } from "./series.ts";
import styles from "./TaskList.module.css";
import { TaskRow } from "./TaskRow.tsx";

export interface Section {
  readonly key: string;
  readonly heading?: string;
  readonly isLate?: boolean;
  /** Every task of it is due on this day: its rows need not say so. */
  readonly day?: CivilDay;
  readonly action?: ReactNode;
  readonly tasks: readonly Task[];
}

type Item =
  | { readonly kind: "heading"; readonly section: Section }
  | { readonly kind: "task"; readonly task: Task; readonly position: number; readonly impliedDay: CivilDay | null };

const headingHeight = 44;
const refusalHeight = 28;
const rowHeight = { fine: 40, touch: 48 };

interface TaskListProps {
  readonly sections: readonly Section[];
  readonly clock: Clock;
  readonly label: string;
}

/** Tasks in sections. Only the rows in sight are on the page, so that thousands scroll as smoothly as ten. */
export const TaskList = ({ sections, clock, label }: TaskListProps): ReactElement => {
  const items = useMemo(() => itemsOf(sections), [sections]);
  const list = useRef<HTMLUListElement>(null);
  const height = useMedia(touch) ? rowHeight.touch : rowHeight.fine;
  const refused = useRefused();
  const [margin, setMargin] = useState(0);

  const sizeOf = (index: number): number => {
    const item = items[index];
    if (item?.kind !== "task") return headingHeight;
    return height + (refused.has(item.task.id) ? refusalHeight : 0);
  };

  // Another function only with other rows: with each, the place of every row is computed anew.
  const getItemKey = useCallback((index: number): string => keyOf(items[index]), [items]);

  // oxlint-disable-next-line react/incompatible-library -- nothing here is compiled by the React compiler
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => list.current?.closest("main") ?? null,
    estimateSize: sizeOf,
    getItemKey,
    overscan: 12,
    // The row with the keyboard stays on the page, however far away one scrolls.
    rangeExtractor: (range) => withRow(defaultRangeExtractor(range), indexOfCurrent(items)),
    scrollMargin: margin,
    scrollPaddingStart: 72,
    scrollPaddingEnd: 96,
  });

  useLayoutEffect(() => virtualizer.measure(), [virtualizer, height, refused]);
  useLayoutEffect(() => setMargin(list.current?.offsetTop ?? 0), [items.length]);
  useLayoutEffect(() => {
    const order = items.flatMap((item) => (item.kind === "task" ? [item.task.id] : []));
    const reveal = (id: string): void => {
      const index = items.findIndex((item) => item.kind === "task" && item.task.id === id);
      if (index >= 0) virtualizer.scrollToIndex(index);
    };
    useList.setState({ order, reveal });
    followSuccessor(order);
    focusWanted(order);
  }, [items, virtualizer]);

  // The row of the task that is open is in sight, and comes into it with the task.
  const openedId = useOpenedTaskId();
  const address = useViewAddress();
  const isListed = openedId !== null && sections.some(({ tasks }) => tasks.some(({ id }) => id === openedId));
  useLayoutEffect(() => {
    if (isListed && openedId !== null) useList.getState().reveal(openedId);
  }, [openedId, isListed]);

  // A list that is not on the screen has no rows for the keys to act on.
  useLayoutEffect(() => leaveList, []);

  const count = items.filter(({ kind }) => kind === "task").length;
  const style: CSSProperties = { height: virtualizer.getTotalSize() };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the arrow keys go from link to link within it
    <ul ref={list} className={styles.list} style={style} aria-label={label} onKeyDown={moveWithArrows} {...rowGestures}>
      {virtualizer.getVirtualItems().map(({ index, key, start }) => {
        const item = items[index];
        if (item === undefined) return null;
        const top = start - margin;
        if (item.kind === "heading") return <Heading key={key} section={item.section} top={top} />;
        return (
          <TaskRow
            key={key}
            task={item.task}
            clock={clock}
            position={item.position}
            count={count}
            impliedDay={item.impliedDay}
            top={top}
            href={addressOver(address, item.task.id)}
            isOpened={item.task.id === openedId}
          />
        );
      })}
    </ul>
  );
};

/** The tasks whose rows tell of a refusal: the same set as long as they are, whatever else waits or is answered. */
const useRefused = (): ReadonlySet<string> => {
  const ids = useTasks(({ replica }) => [...refusedTaskIds(replica.queue)].join(" "));
  return useMemo(() => new Set(ids === "" ? [] : ids.split(" ")), [ids]);
};

/** A row that was replaced while it had the keyboard (its task repeats now) gives it to the row in its place. */
const followSuccessor = (order: readonly string[]): void => {
  const { current } = useList.getState();
  if (current === null || order.includes(current.id) || document.activeElement !== document.body) return;
  const successor = successorOf(useTasks.getState().replica.view, current.id);
  if (successor !== undefined && order.includes(successor.id)) focusRow(successor.id);
};

const itemsOf = (sections: readonly Section[]): Item[] => {
  let position = 0;
  return sections.flatMap((section): Item[] => {
    const rows = section.tasks.map((task): Item => {
      position += 1;
      return { kind: "task", task, position, impliedDay: section.day ?? null };
    });
    return section.heading === undefined || rows.length === 0 ? rows : [{ kind: "heading", section }, ...rows];
  });
};

/** Where the row with the keyboard is, or -1. */
const indexOfCurrent = (items: readonly Item[]): number => {
  const id = useList.getState().current?.id;
  return id === undefined ? -1 : items.findIndex((item) => item.kind === "task" && item.task.id === id);
};

const withRow = (indexes: number[], index: number): number[] =>
  index < 0 || indexes.includes(index) ? indexes : [...indexes, index].toSorted((a, b) => a - b);

const keyOf = (item: Item | undefined): string =>
  item?.kind === "task" ? item.task.id : `heading-${item?.section.key}`;

const moveWithArrows = (event: KeyboardEvent): void => {
  const isOnTitle = event.target instanceof HTMLAnchorElement;
  if (!isOnTitle || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  event.preventDefault();
  const move = event.shiftKey ? extendSelection : moveFocus;
  move(event.key === "ArrowDown" ? 1 : -1);
};

const Heading = ({ section, top }: { readonly section: Section; readonly top: number }): ReactElement => {
  const style: CSSProperties = { transform: `translateY(${top}px)` };
  return (
    <li className={classNames(styles.heading, section.isLate === true && styles.late)} style={style}>
      <h2>
        {section.heading}
        <span className={styles.count}>{section.tasks.length}</span>
      </h2>
      {section.action}
    </li>
  );
};

import { useEffect, type ReactElement, type ReactNode } from "react";
import { ensureLoaded } from "../api/sync.ts";
import type { ListName } from "../api/database.ts";
import { useTasks } from "../api/tasks-store.ts";
import { BulkBar } from "./BulkBar.tsx";
import type { Clock } from "../time/due-date.ts";
import { text } from "./messages.ts";
import { View } from "../ui/View.tsx";
import styles from "./Screen.module.css";
import { TaskList, type Section } from "./TaskList.tsx";

interface ScreenProps {
  readonly title: string;
  /** One line that says what one is looking at. */
  readonly context: string;
  readonly action?: ReactNode;
  /** Between the title and the list, such as the field that adds. */
  readonly top?: ReactNode;
  readonly sections: readonly Section[];
  /** Shown instead of an empty list. */
  readonly empty: ReactNode;
  /** The list of the server that this screen needs whole. */
  readonly needs: ListName;
  readonly clock: Clock;
}

/** A view of tasks: title, one line of context, the list. */
export const Screen = ({ title, context, action, top, sections, empty, needs, clock }: ScreenProps): ReactElement => {
  const isLoaded = useTasks((state) => state.loaded.has(needs));
  const isReady = useTasks((state) => state.ready);
  const isOnline = useTasks((state) => state.connection === "live");
  const isEmpty = sections.every(({ tasks }) => tasks.length === 0);

  useEffect(() => {
    if (isReady && isOnline) void ensureLoaded(needs).catch(() => undefined);
  }, [needs, isReady, isOnline]);

  return (
    <View title={title} context={isReady && (isLoaded || !isEmpty) ? context : ""} action={action}>
      {top}
      {isEmpty && isLoaded && empty}
      {isEmpty && !isLoaded && <Skeleton />}
      {!isEmpty && <TaskList sections={sections} clock={clock} label={text.listOf(title)} />}
      <BulkBar />
    </View>
  );
};

/** The list's own geometry, until it is known. */
const Skeleton = (): ReactElement => (
  <div aria-hidden>
    {["a", "b", "c", "d", "e", "f"].map((row) => (
      <div key={row} className={styles.skeleton} />
    ))}
  </div>
);

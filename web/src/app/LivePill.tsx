import type { ReactElement } from "react";
import { waitingCount } from "../api/replica.ts";
import { useTasks } from "../api/tasks-store.ts";
import { classNames } from "../ui/class-names.ts";
import { Tooltip } from "../ui/Tooltip.tsx";
import styles from "./LivePill.module.css";
import { text } from "./messages.ts";

/** How this device stands to the server, and how much of what the user did still waits. */
export const LivePill = (): ReactElement => {
  const connection = useTasks((state) => state.connection);
  const waiting = useTasks((state) => waitingCount(state.replica));
  const name = text[connection];
  const isLive = connection === "live";
  return (
    <Tooltip text={isLive ? text.liveHint : text.offlineHint}>
      <span className={classNames(styles.pill, styles[connection])} role="status">
        <span className={styles.dot} />
        {isLive || waiting === 0 ? name : text.waiting(name, waiting)}
      </span>
    </Tooltip>
  );
};

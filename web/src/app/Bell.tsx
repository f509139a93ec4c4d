import { Bell as BellIcon } from "lucide-react";
import type { ReactElement } from "react";
import { useInbox } from "../api/inbox-store.ts";
import { IconButton } from "../ui/Button.tsx";
import styles from "./Bell.module.css";
import { text } from "./messages.ts";

export const bellId = "bell";
const most = 99;

interface BellProps {
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

/** The way to the notifications, with how many were not looked at yet. */
export const Bell = ({ isOpen, onOpen }: BellProps): ReactElement => {
  const unread = useInbox((state) => state.unread);
  return (
    <IconButton
      id={bellId}
      label={text.bell(unread)}
      shortcut="g n"
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      className={styles.bell}
      onClick={onOpen}
    >
      <BellIcon size={20} aria-hidden />
      {unread > 0 && (
        <span className={styles.count} aria-hidden>
          {unread > most ? `${most}+` : unread}
        </span>
      )}
    </IconButton>
  );
};

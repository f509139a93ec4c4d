import { CalendarDays, Check, Flag, Trash2, X } from "lucide-react";
import { useEffect, type ReactElement } from "react";
import { Button, IconButton } from "../ui/Button.tsx";
import { completeTasks, deleteTasks, tasksOf } from "./actions.ts";
import { keepClear } from "../ui/keep-clear.ts";
import styles from "./BulkBar.module.css";
import { clearSelection, openPicker, useList } from "./list-state.ts";
import { text } from "./messages.ts";

/** What can be done to the selected tasks; there as long as some are selected. */
export const BulkBar = (): ReactElement | null => {
  const selected = useList((state) => state.selected);
  useEffect(() => clearSelection, []);
  if (selected.size === 0) return null;
  const ids = [...selected];
  return (
    <div ref={keepClear} className={styles.bar} role="toolbar" aria-label={text.bulkActions}>
      <span className={styles.count} role="status">
        {text.selected(ids.length)}
      </span>
      <Button look="quiet" onClick={() => completeTasks(tasksOf(ids))}>
        <Check size={16} aria-hidden />
        <span>{text.completeShort}</span>
      </Button>
      <Button
        look="quiet"
        aria-haspopup="dialog"
        onClick={(event) => openPicker({ kind: "due", ids, anchor: event.currentTarget })}
      >
        <CalendarDays size={16} aria-hidden />
        <span>{text.dueDate}</span>
      </Button>
      <Button
        look="quiet"
        aria-haspopup="menu"
        onClick={(event) => openPicker({ kind: "priority", ids, anchor: event.currentTarget })}
      >
        <Flag size={16} aria-hidden />
        <span>{text.priority}</span>
      </Button>
      <Button look="quiet" onClick={() => deleteTasks(tasksOf(ids))}>
        <Trash2 size={16} aria-hidden />
        <span>{text.deleteShort}</span>
      </Button>
      <IconButton label={text.clearSelection} shortcut="Esc" onClick={clearSelection}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
};

import { CalendarPlus, Flag, Plus, X } from "lucide-react";
import { useRef, type ClipboardEvent, type FormEvent, type ReactElement } from "react";
import type { Priority } from "../../../src/contract/task.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { choicesPart, Menu } from "../ui/Menu.tsx";
import { addTask, addTasks } from "./actions.ts";
import type { Clock } from "../time/due-date.ts";
import { DueChip } from "./DueChip.tsx";
import { DuePickerButton } from "./DuePickerButton.tsx";
import { focusNearestRow } from "./list-focus.ts";
import { text } from "./messages.ts";
import { excessOf, MAX_TITLE_LENGTH, taskOfLine, titlesIn } from "./pasted-lines.ts";
import { priorityChoices } from "./priorities.tsx";
import { quickAddId } from "./quick-add-id.ts";
import styles from "./QuickAdd.module.css";
import { tellWhereAdded } from "./tell-where.ts";
import { quickAddField, useQuickAddDraft } from "./use-quick-add-draft.ts";

interface QuickAddProps {
  readonly clock: Clock;
  /** When what is added here is due, unless the user says otherwise: so that it appears where it was added. */
  readonly defaultDue: string | null;
}

/** One line to add tasks with. Enter adds and keeps the field; several pasted lines may become several tasks. */
export const QuickAdd = ({ clock, defaultDue }: QuickAddProps): ReactElement => {
  const field = useRef<HTMLInputElement>(null);
  const { draft, change } = useQuickAddDraft(defaultDue);
  const { title, due, priority, pasted } = draft;
  const excess = excessOf(title);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (title.trim() === "" || excess > 0) return;
    tellWhereAdded(addTask({ title: title.trim(), due_date: due, priority }, quickAddField));
    field.current?.focus();
  };
  const submitMany = (): void => {
    addTasks(
      pasted.map((line) => ({ ...taskOfLine(line), due_date: due, priority })),
      quickAddField,
    );
    field.current?.focus();
  };
  const paste = (event: ClipboardEvent): void => {
    const titles = titlesIn(event.clipboardData.getData("text"));
    if (titles.length < 2) return;
    event.preventDefault();
    change({ pasted: titles });
  };

  return (
    <>
      <form className={styles.form} onSubmit={submit}>
        <button type="submit" className={styles.plus} aria-label={text.addOne}>
          <Plus size={18} aria-hidden />
        </button>
        <input
          id={quickAddId}
          ref={field}
          className={styles.input}
          dir="auto"
          value={title}
          aria-invalid={excess > 0 ? true : undefined}
          aria-describedby="quick-add-problem"
          placeholder={text.add}
          aria-label={text.add}
          autoComplete="off"
          enterKeyHint="done"
          onChange={(event) => change({ title: event.currentTarget.value })}
          onPaste={paste}
          onKeyDown={(event) => event.key === "Escape" && leaveField(event.currentTarget)}
        />
        <div className={styles.chips}>
          {due !== null && (
            <>
              <DueChip due={due} clock={clock} />
              <IconButton small label={text.removeDue} onClick={() => change({ due: null })}>
                <X size={14} aria-hidden />
              </IconButton>
            </>
          )}
          {(due === null || title !== "") && (
            <DuePickerButton due={due} clock={clock} onPick={(next) => change({ due: next })}>
              <CalendarPlus size={16} aria-hidden />
            </DuePickerButton>
          )}
          {(title !== "" || priority !== "medium") && (
            <PriorityChoice priority={priority} onChoose={(next) => change({ priority: next })} />
          )}
        </div>
      </form>
      <p id="quick-add-problem" className={styles.problem} role="alert">
        {excess > 0 && text.tooLong(excess, MAX_TITLE_LENGTH)}
      </p>
      {pasted.length > 0 && (
        <PastedOffer
          titles={pasted}
          onMany={submitMany}
          onOne={() => change({ title: pasted.join(" "), pasted: [] })}
          onCancel={() => change({ pasted: [] })}
        />
      )}
    </>
  );
};

/** Escape gives the keyboard to the list, or to the view where that is empty. */
const leaveField = (field: HTMLElement): void => {
  if (!focusNearestRow()) field.closest("main")?.focus();
};

const PriorityChoice = ({
  priority,
  onChoose,
}: {
  readonly priority: Priority;
  readonly onChoose: (priority: Priority) => void;
}): ReactElement => (
  <Menu
    label={text.priority}
    parts={[choicesPart(text.priority, priority, priorityChoices, onChoose)]}
    trigger={
      <IconButton small label={`${text.priority}: ${text[priority]}`}>
        <Flag size={16} aria-hidden />
      </IconButton>
    }
  />
);

interface PastedOfferProps {
  readonly titles: readonly string[];
  readonly onMany: () => void;
  readonly onOne: () => void;
  readonly onCancel: () => void;
}

const PastedOffer = ({ titles, onMany, onOne, onCancel }: PastedOfferProps): ReactElement => {
  const tooLong = titles.filter((title) => excessOf(title) > 0).length;
  return (
    <div className={styles.offer} role="status">
      <p>
        {text.pasted(titles.length)}
        {tooLong > 0 && <small>{text.longLines(tooLong, MAX_TITLE_LENGTH)}</small>}
      </p>
      <Button look="primary" onClick={onMany}>
        {text.addMany(titles.length)}
      </Button>
      <Button onClick={onOne}>{text.addAsOne}</Button>
      <Button look="quiet" onClick={onCancel}>
        {text.cancel}
      </Button>
    </div>
  );
};

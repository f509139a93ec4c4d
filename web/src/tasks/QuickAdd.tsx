import { CalendarPlus, Flag, Plus, X } from "lucide-react";
import { useRef, useState, type ClipboardEvent, type FormEvent, type ReactElement } from "react";
import type { Priority } from "../../../src/contract/task.ts";
import { IconButton } from "../ui/Button.tsx";
import { choicesPart, Menu } from "../ui/Menu.tsx";
import { addTask, addTasks, type NewTaskFields } from "./actions.ts";
import type { Clock } from "../time/due-date.ts";
import { DueChip } from "./DueChip.tsx";
import { DuePickerButton } from "./DuePickerButton.tsx";
import { followEdit } from "./quick-add/literal-parts.ts";
import { PastedOffer } from "./quick-add/PastedOffer.tsx";
import type { Reading } from "./quick-add/parser.ts";
import { TintedInput } from "./quick-add/TintedInput.tsx";
import { UnderstoodParts } from "./quick-add/UnderstoodParts.tsx";
import { useReader } from "./quick-add/use-reading.ts";
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
  const { title, priority, literal, pasted } = draft;
  const [isAdding, setAdding] = useState(false);
  const reader = useReader(clock);
  const reading = reader.read(title, literal);
  // What is typed wins over what was chosen: it is what one sees.
  const typedDue = reading?.task.due_date ?? null;
  const due = typedDue ?? draft.due;
  const saysDate = reading?.understood.some(({ kind }) => kind === "date") === true;
  const excess = excessOf(reading?.task.title ?? title);

  const fieldsOf = (line: string, read: Reading | null): NewTaskFields => ({
    due_date: draft.due,
    priority,
    ...read?.task,
    ...taskOfLine(read?.task.title ?? line),
  });
  // The parser may still be on its way: meanwhile nothing is added twice, and nothing is typed that would be lost.
  const addOnce = async (add: () => Promise<void>): Promise<void> => {
    if (isAdding) return;
    setAdding(true);
    try {
      await add();
    } finally {
      setAdding(false);
    }
    field.current?.focus();
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (title.trim() === "" || excess > 0) return;
    await addOnce(async () => {
      const read = reading ?? (await reader.readWhenLoaded(title, literal));
      tellWhereAdded(addTask(fieldsOf(title.trim(), read), quickAddField));
    });
  };
  const submitMany = async (): Promise<void> => {
    await addOnce(async () => {
      const read = await Promise.all(pasted.map((line) => reader.readWhenLoaded(line)));
      addTasks(
        pasted.map((line, index) => fieldsOf(line, read[index] ?? null)),
        quickAddField,
      );
    });
  };
  const paste = (event: ClipboardEvent): void => {
    const titles = titlesIn(event.clipboardData.getData("text"));
    if (titles.length < 2) return;
    event.preventDefault();
    change({ pasted: titles });
  };

  return (
    <>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <button type="submit" className={styles.plus} aria-label={text.addOne}>
          <Plus size={18} aria-hidden />
        </button>
        <TintedInput
          id={quickAddId}
          input={field}
          className={styles.input}
          value={title}
          readOnly={isAdding}
          tinted={reading?.understood ?? []}
          aria-invalid={excess > 0 ? true : undefined}
          aria-describedby="quick-add-problem"
          placeholder={text.add}
          aria-label={text.add}
          autoComplete="off"
          enterKeyHint="done"
          onChange={({ currentTarget: { value } }) =>
            change({ title: value, literal: followEdit(literal, title, value) })
          }
          onPaste={paste}
          onKeyDown={(event) => event.key === "Escape" && leaveField(event.currentTarget)}
        />
        <div className={styles.chips}>
          {due !== null && !saysDate && (
            <>
              <DueChip due={due} clock={clock} />
              {typedDue === null && (
                <IconButton small label={text.removeDue} onClick={() => change({ due: null })}>
                  <X size={14} aria-hidden />
                </IconButton>
              )}
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
      <UnderstoodParts
        reading={reading}
        clock={clock}
        onKeepAsText={({ start, end }) => {
          change({ literal: [...literal, { start, end }] });
          field.current?.focus();
        }}
      />
      <p id="quick-add-problem" className={styles.problem} role="alert">
        {excess > 0 && text.tooLong(excess, MAX_TITLE_LENGTH)}
      </p>
      {pasted.length > 0 && (
        <PastedOffer
          lines={pasted}
          reader={reader}
          clock={clock}
          onMany={() => void submitMany()}
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

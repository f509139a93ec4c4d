import { useEffect, useRef, type FormEvent, type ReactElement } from "react";
import type { SeriesScope } from "../../../../src/contract/recurrence.ts";
import { useUser } from "../../api/session.ts";
import { Button } from "../../ui/Button.tsx";
import { addDays } from "../../time/calendar.ts";
import type { CivilDay, Clock } from "../../time/due-date.ts";
import { DraftNote } from "../DraftNote.tsx";
import { PickerHead, pickerPage } from "../PickerPage.tsx";
import type { Repeat } from "./actions.ts";
import { CustomRule, firstOfWeek } from "./CustomRule.tsx";
import { chosen, isComplete, repeatOf, type Draft } from "./draft.ts";
import { text } from "./messages.ts";
import { NextDates } from "./NextDates.tsx";
import { presetIds } from "./presets.ts";
import styles from "./RepeatEditor.module.css";
import { Choice, type Option } from "./RepeatFields.tsx";
import { usePreview, type Preview } from "./use-preview.ts";
import { useRepeatDraft } from "./use-repeat-draft.ts";
import { capitalised, presetLabel } from "./words.ts";

/** Where the dates of a rule begin. */
export interface Anchor {
  readonly due: string;
  /** The date to show them from, for a series that has been running. */
  readonly from?: CivilDay;
}

interface RepeatEditorProps {
  /** Where what is chosen and not saved is kept. */
  readonly field: string;
  /** The day that suggests weekday and date. */
  readonly day: CivilDay;
  /** How it repeats now, with its sentence. */
  readonly repeat: Repeat | null;
  readonly sentence: string | null;
  readonly anchorOf: (scope: SeriesScope, basis: Repeat["basis"]) => Anchor;
  /** For an occurrence: how much of its series is changed. */
  readonly scopes: readonly SeriesScope[];
  readonly clock: Clock;
  readonly onSave: (repeat: Repeat | null, scope: SeriesScope) => void;
  readonly onBack: () => void;
}

/** How a task repeats: the usual ways, or one's own, with the sentence and the next dates as they would be. */
export const RepeatEditor = ({
  field,
  day,
  repeat,
  sentence,
  anchorOf,
  scopes,
  clock,
  onSave,
  onBack,
}: RepeatEditorProps): ReactElement => {
  const weekStart = firstOfWeek[useUser()?.week_start ?? "monday"];
  const { draft, scope, isRestored, change, discard } = useRepeatDraft({ field, repeat, day, weekStart });
  const setDraft = (changed: Draft): void => change({ draft: changed });
  const startAnew = (): void => {
    discard();
    first.current?.focus();
  };
  const next = repeatOf(draft, day, repeat);
  const { preview, isStale } = usePreview(
    next === null || !isComplete(draft) ? null : queryOf(next, anchorOf(scope, next.basis)),
  );
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus(), []);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    onSave(next, scope);
  };
  const cancel = (): void => {
    discard();
    onBack();
  };
  return (
    <form className={pickerPage} onSubmit={save}>
      <PickerHead title={text.repeat} backLabel={text.back} onBack={onBack} />
      <DraftNote isRestored={isRestored} onDiscard={startAnew} />
      <Choice
        ref={first}
        label={text.howOften}
        isLabelHidden
        value={draft.kind}
        options={kindOptions(day, sentence)}
        onChoose={(kind) => setDraft(chosen(draft, kind, day))}
      />
      {draft.kind === "custom" && (
        <CustomRule choices={draft.custom} day={day} onChange={(custom) => setDraft({ ...draft, custom })} />
      )}
      {next !== null && (
        <>
          <Bounds draft={draft} day={day} onChange={setDraft} />
          {scopes.length > 1 && (
            <Choice
              label={text.applies}
              value={scope}
              options={scopes.map((value) => ({ value, label: scopeLabels[value] }))}
              onChoose={(chosenScope) => change({ scope: chosenScope })}
            />
          )}
          {isComplete(draft) ? (
            <NextDates
              preview={preview}
              isStale={isStale}
              clock={clock}
              isByCompletion={draft.basis === "completion"}
            />
          ) : (
            <p role="status">{text.chooseDay}</p>
          )}
        </>
      )}
      <div className={styles.buttons}>
        <Button look="quiet" onClick={cancel}>
          {text.cancel}
        </Button>
        <Button
          look="primary"
          type="submit"
          disabled={!isComplete(draft) || (next !== null && !isStale && isRefused(preview))}
        >
          {text.save}
        </Button>
      </div>
    </form>
  );
};

const queryOf = ({ pattern, endDate }: Repeat, { due, from }: Anchor) => ({
  pattern,
  due_date: due,
  ...(from === undefined ? {} : { from }),
  ...(endDate === null ? {} : { end_date: endDate }),
});

const isRefused = (preview: Preview): boolean =>
  preview.kind === "refused" || (preview.kind === "shown" && preview.preview.occurrences.length === 0);

const kindOptions = (day: CivilDay, sentence: string | null): Option<Draft["kind"]>[] => [
  { value: "none", label: text.none },
  ...presetIds.map((value) => ({ value, label: presetLabel(value, day) })),
  ...(sentence === null ? [] : [{ value: "kept" as const, label: capitalised(sentence) }]),
  { value: "custom", label: text.custom },
];

export const scopeLabels: Record<SeriesScope, string> = {
  this: text.scopeThis,
  following: text.scopeFollowing,
  all: text.scopeAll,
};

interface BoundsProps {
  readonly draft: Draft;
  readonly day: CivilDay;
  readonly onChange: (draft: Draft) => void;
}

const bases = [
  { value: "schedule", label: text.fromSchedule },
  { value: "completion", label: text.fromCompletion },
] as const;
const ends = [
  { value: "never", label: text.never },
  { value: "date", label: text.onDate },
  { value: "count", label: text.afterTimes },
] as const;
type End = (typeof ends)[number]["value"];

const usualDays = 90;
const usualCount = 10;
const mostTimes = 999;

const endOf = ({ endDate, count }: Draft): End => (count !== null ? "count" : endDate !== null ? "date" : "never");

const endingBy = (draft: Draft, end: End, day: CivilDay): Draft => ({
  ...draft,
  endDate: end === "date" ? addDays(day, usualDays) : null,
  count: end === "count" ? usualCount : null,
});

/** Where the next date is counted from, and when it ends. */
const Bounds = ({ draft, day, onChange }: BoundsProps): ReactElement => (
  <>
    <Choice
      label={text.countsFrom}
      value={draft.basis}
      options={bases}
      onChoose={(basis) => onChange({ ...draft, basis })}
    />
    <Choice
      label={text.ends}
      value={endOf(draft)}
      options={draft.kind === "kept" ? ends.filter(({ value }) => value !== "count") : ends}
      onChoose={(end) => onChange(endingBy(draft, end, day))}
    />
    {draft.count !== null && (
      <label className={styles.field}>
        <span>{text.times}</span>
        <input
          type="number"
          inputMode="numeric"
          min={1}
          max={mostTimes}
          required
          defaultValue={draft.count}
          onChange={({ currentTarget }) =>
            currentTarget.validity.valid && onChange({ ...draft, count: currentTarget.valueAsNumber })
          }
        />
      </label>
    )}
    {draft.endDate !== null && (
      <label className={styles.field}>
        <span>{text.endDate}</span>
        <input
          type="date"
          required
          value={draft.endDate}
          min={day}
          onChange={(event) =>
            event.currentTarget.value !== "" && onChange({ ...draft, endDate: event.currentTarget.value })
          }
        />
      </label>
    )}
  </>
);

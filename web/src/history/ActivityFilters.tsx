import { CalendarRange, ListFilter, UserRound, X } from "lucide-react";
import { useEffect, useMemo, useState, type ReactElement } from "react";
import type { ApiToken } from "../../../src/contract/account.ts";
import type { AuditEntry } from "../../../src/contract/audit.ts";
import { eventTypes, type EventType } from "../../../src/contract/event.ts";
import { useUser } from "../api/session.ts";
import { useTasks } from "../api/tasks-store.ts";
import { listTokens } from "../api/tokens.ts";
import type { Clock } from "../time/due-date.ts";
import { Button } from "../ui/Button.tsx";
import { choicesPart, Menu, type MenuChoice } from "../ui/Menu.tsx";
import { isFiltered, noFilter, type ActivityFilter } from "./activity-filter.ts";
import styles from "./ActivityFilters.module.css";
import { text } from "./messages.ts";
import { RangeFilter } from "./RangeFilter.tsx";
import { actorWords } from "./words.ts";

interface ActivityFiltersProps {
  readonly filter: ActivityFilter;
  /** What is shown: actors and titles are known from it. */
  readonly entries: readonly AuditEntry[];
  readonly clock: Clock;
  readonly onChange: (change: Partial<ActivityFilter>) => void;
}

/** What the activity is narrowed to. */
export const ActivityFilters = ({ filter, entries, clock, onChange }: ActivityFiltersProps): ReactElement => (
  <div className={styles.filters} role="group" aria-label={text.filters}>
    <Choice
      label={text.type}
      icon={<ListFilter size={15} aria-hidden />}
      value={filter.type ?? any}
      choices={typeChoices}
      onChoose={(type) => onChange({ type: type === any ? null : (type as EventType) })}
    />
    <ActorFilter actor={filter.actor} entries={entries} onChoose={(actor) => onChange({ actor })} />
    <RangeFilter
      from={filter.from}
      to={filter.to}
      clock={clock}
      icon={<CalendarRange size={15} aria-hidden />}
      onChange={onChange}
    />
    {filter.taskId !== null && (
      <TaskFilter taskId={filter.taskId} entries={entries} onClear={() => onChange({ taskId: null })} />
    )}
    {isFiltered(filter) && (
      <Button look="link" onClick={() => onChange(noFilter)}>
        {text.clearFilters}
      </Button>
    )}
  </div>
);

/** Stands for "no filter" among the choices of a menu. */
const any = "any";

const typeChoices: readonly MenuChoice<string>[] = [
  { value: any, label: text.anyType },
  ...eventTypes.map((type) => ({ value: type, label: text[`type_${type}`] })),
];

interface ChoiceProps {
  readonly label: string;
  readonly icon: ReactElement;
  readonly value: string;
  readonly choices: readonly MenuChoice<string>[];
  readonly onChoose: (value: string) => void;
}

const Choice = ({ label, icon, value, choices, onChoose }: ChoiceProps): ReactElement => (
  <Menu
    label={label}
    parts={[choicesPart(label, value, choices, onChoose)]}
    trigger={
      <Button look="outline" className={value === any ? "" : styles.active}>
        {icon}
        <span className="visually-hidden">{label}: </span>
        {choices.find((choice) => choice.value === value)?.label ?? value}
      </Button>
    }
  />
);

interface ActorFilterProps {
  readonly actor: string | null;
  readonly entries: readonly AuditEntry[];
  readonly onChoose: (actor: string | null) => void;
}

/** The user, their tokens, and whoever else is in what is shown. */
const ActorFilter = ({ actor, entries, onChoose }: ActorFilterProps): ReactElement => {
  const user = useUser();
  const tokens = useTokens();
  const choices = useMemo(() => {
    const named = new Map<string, string>([[any, text.anyActor]]);
    if (user !== null) named.set(user.id, text.you);
    for (const { id, name } of tokens) named.set(id, text.token(name));
    for (const each of entries)
      if (!named.has(each.actor.id)) named.set(each.actor.id, actorWords(each.actor, user?.id ?? ""));
    if (actor !== null && !named.has(actor)) named.set(actor, text.someone);
    return [...named].map(([value, label]) => ({ value, label }));
  }, [actor, entries, tokens, user]);
  return (
    <Choice
      label={text.actor}
      icon={<UserRound size={15} aria-hidden />}
      value={actor ?? any}
      choices={choices}
      onChoose={(chosen) => onChoose(chosen === any ? null : chosen)}
    />
  );
};

/** Without them the menu has those who are in the list all the same. */
const useTokens = (): readonly ApiToken[] => {
  const [tokens, setTokens] = useState<readonly ApiToken[]>([]);
  useEffect(() => void listTokens().then(setTokens, () => undefined), []);
  return tokens;
};

interface TaskFilterProps {
  readonly taskId: string;
  readonly entries: readonly AuditEntry[];
  readonly onClear: () => void;
}

const TaskFilter = ({ taskId, entries, onClear }: TaskFilterProps): ReactElement => {
  const known = useTasks((state) => state.replica.view.get(taskId)?.title);
  const title = known ?? entries.find(({ task_id }) => task_id === taskId)?.task_title ?? text.oneTask;
  return (
    <Button look="outline" className={styles.active} aria-label={`${title}: ${text.clearTask}`} onClick={onClear}>
      <span className={styles.title} dir="auto">
        {title}
      </span>
      <X size={15} aria-hidden />
    </Button>
  );
};

import { Autocomplete } from "@base-ui/react/autocomplete";
import { Search } from "lucide-react";
import { useState, type ReactElement } from "react";
import { flushSync } from "react-dom";
import type { Task } from "../../../src/contract/task.ts";
import { useTasks } from "../api/tasks-store.ts";
import { openTask } from "../tasks/open-task.ts";
import { findByTitle } from "../tasks/selections.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Kbd } from "../ui/Kbd.tsx";
import { commands, type Command } from "./commands.ts";
import { text } from "./messages.ts";
import styles from "./Palette.module.css";

const maxTasks = 8;

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly side: string | null;
  readonly keys: string | null;
  readonly run: () => void;
}

interface Group {
  readonly value: string;
  readonly items: readonly Entry[];
}

/** Every command with its key, and tasks by their title. */
export const Palette = ({ onClose }: { readonly onClose: () => void }): ReactElement => {
  const [query, setQuery] = useState("");
  const view = useTasks((state) => state.replica.view);
  const groups = groupsFor(query, findByTitle(view.values(), query, maxTasks));
  const choose = (entry: Entry): void => {
    // The palette gives the focus back first, so that a command acts where the user was.
    flushSync(onClose);
    setTimeout(entry.run);
  };
  return (
    <Dialog title={text.palette} onClose={onClose} bare>
      <Autocomplete.Root
        open
        inline
        items={groups}
        filter={null}
        value={query}
        onValueChange={(value, { reason }) => reason !== "item-press" && setQuery(value)}
        itemToStringValue={({ name }: Entry) => name}
        autoHighlight="always"
        keepHighlight
      >
        <div className={styles.field}>
          <Search size={18} aria-hidden />
          <Autocomplete.Input
            className={styles.input}
            dir="auto"
            aria-label={text.palettePlaceholder}
            placeholder={text.palettePlaceholder}
          />
        </div>
        <Autocomplete.Empty className={styles.empty}>{text.noResults}</Autocomplete.Empty>
        <Autocomplete.List className={styles.list}>
          {(group: Group) => (
            <Autocomplete.Group key={group.value} items={group.items}>
              <Autocomplete.GroupLabel className={styles.heading}>{group.value}</Autocomplete.GroupLabel>
              <Autocomplete.Collection>
                {(entry: Entry) => (
                  <Autocomplete.Item key={entry.id} value={entry} className={styles.item} onClick={() => choose(entry)}>
                    <span className={styles.name} dir="auto">
                      {entry.name}
                    </span>
                    {entry.side !== null && <span className={styles.side}>{entry.side}</span>}
                    {entry.keys !== null && <Kbd keys={entry.keys} />}
                  </Autocomplete.Item>
                )}
              </Autocomplete.Collection>
            </Autocomplete.Group>
          )}
        </Autocomplete.List>
      </Autocomplete.Root>
    </Dialog>
  );
};

const groupsFor = (query: string, tasks: readonly Task[]): Group[] => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = commands.filter(
    ({ isKeyOnly, name }) => isKeyOnly !== true && words.every((word) => name.toLowerCase().includes(word)),
  );
  const groups = [
    { value: text.tasks, items: tasks.map(taskEntry) },
    { value: text.commands, items: matches.map(commandEntry) },
  ];
  return groups.filter(({ items }) => items.length > 0);
};

const taskEntry = (task: Task): Entry => ({
  id: task.id,
  name: task.title,
  side: task.completed ? text.done : null,
  keys: null,
  run: () => openTask(task.id),
});

const commandEntry = ({ id, name, keys, run }: Command): Entry => ({
  id,
  name,
  side: null,
  keys: keys[0] ?? null,
  run,
});

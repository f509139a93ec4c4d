import { useEffect, type ReactElement } from "react";
import { useTasks } from "../api/tasks-store.ts";
import { choicesPart } from "../ui/Menu.tsx";
import { MenuPopup } from "../ui/MenuPopup.tsx";
import { setPriority, tasksOf } from "./actions.ts";
import { closePicker, type Picker } from "./list-state.ts";
import { text } from "./messages.ts";
import { priorityChoices } from "./priorities.tsx";
import { TaskDuePicker } from "./TaskDuePicker.tsx";

/**
 * The popover of due dates, repeating and reminders or the menu of priorities, for one task or many, wherever it was
 * asked for.
 */
export const TaskPickers = ({ picker }: { readonly picker: Picker }): ReactElement | null => {
  const view = useTasks((state) => state.replica.view);
  const tasks = picker.ids.flatMap((id) => view.get(id) ?? []);
  const [first] = tasks;
  const isGone = first === undefined;
  // What is open owns the keys: a picker whose tasks are gone must not stay open.
  useEffect(() => {
    if (isGone) closePicker();
  }, [isGone]);
  if (isGone) return null;
  if (picker.kind !== "priority") return <TaskDuePicker picker={picker} tasks={tasks} first={first} />;
  const common = tasks.every(({ priority }) => priority === first.priority) ? first.priority : null;
  const priorities = choicesPart(text.priority, common, priorityChoices, (priority) =>
    setPriority(tasksOf(picker.ids), priority),
  );
  return <MenuPopup anchor={picker.anchor} label={text.priority} parts={[priorities]} onClose={closePicker} />;
};

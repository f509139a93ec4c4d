import type { ReactElement } from "react";
import { choicesPart } from "../ui/Menu.tsx";
import { MenuPopup } from "../ui/MenuPopup.tsx";
import { setDue, setPriority, tasksOf } from "./actions.ts";
import { useClock } from "./clock.ts";
import { DuePicker } from "./DuePicker.tsx";
import { closePicker, type Picker } from "./list-state.ts";
import { text } from "./messages.ts";
import { priorityChoices } from "./priorities.tsx";

/** The popover of due dates or the menu of priorities, for one task or many, wherever it was asked for. */
export const TaskPickers = ({ picker }: { readonly picker: Picker }): ReactElement | null => {
  const clock = useClock();
  const tasks = tasksOf(picker.ids);
  const [first] = tasks;
  if (first === undefined) return null;
  if (picker.kind === "due") {
    return <DuePicker anchor={picker.anchor} due={first.due_date} clock={clock} onPick={(due) => setDue(tasksOf(picker.ids), due, clock)} onClose={closePicker} />;
  }
  const common = tasks.every(({ priority }) => priority === first.priority) ? first.priority : null;
  const priorities = choicesPart(text.priority, common, priorityChoices, (priority) => setPriority(tasksOf(picker.ids), priority));
  return <MenuPopup anchor={picker.anchor} label={text.priority} parts={[priorities]} onClose={closePicker} />;
};

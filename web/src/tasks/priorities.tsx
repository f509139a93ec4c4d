import { ArrowDown, Flag, Minus } from "lucide-react";
import type { Priority } from "../../../src/contract/task.ts";
import type { MenuChoice } from "../ui/Menu.tsx";
import { text } from "./messages.ts";

/** The priorities as a menu offers them, the highest first. */
export const priorityChoices: readonly MenuChoice<Priority>[] = [
  { value: "high", label: text.high, icon: <Flag size={16} aria-hidden /> },
  { value: "medium", label: text.medium, icon: <Minus size={16} aria-hidden /> },
  { value: "low", label: text.low, icon: <ArrowDown size={16} aria-hidden /> },
];

import { locale, messages } from "../ui/messages.ts";
import type { DueVocabulary } from "./due-words.ts";

/** The words a day needs. */
export const dueVocabulary: DueVocabulary = {
  locale,
  ...messages("time", { today: "Today", tomorrow: "Tomorrow", yesterday: "Yesterday" }),
};

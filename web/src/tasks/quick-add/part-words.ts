import type { UnderstoodPart } from "../../../../src/domain/quick-add/quick-add.ts";
import type { Priority } from "../../../../src/contract/task.ts";
import type { Clock } from "../../time/due-date.ts";
import { dueWords } from "../../time/due-words.ts";
import { dueVocabulary } from "../../time/messages.ts";
import { text } from "../messages.ts";
import { offsetWords } from "../reminders/words.ts";
import type { Reading } from "./parser.ts";

/** What a part of a line came to mean: "Tomorrow", "09:00", "every month on the 1st", "High". */
export const partWords = (
  { kind, value, text: typed }: UnderstoodPart,
  { task, repeatWords }: Reading,
  { clock, allDayHour }: { readonly clock: Clock; readonly allDayHour: number },
): string => {
  switch (kind) {
    case "date":
      return value === "" ? typed : dueWords(value, clock, dueVocabulary).text;
    case "time":
      return value === "" ? typed : value;
    case "repeat":
      return repeatWords ?? typed;
    case "reminder":
      return value.startsWith("P")
        ? offsetWords(value, { due: task.due_date ?? null, allDayHour })
        : text.remindsOn(dueWords(value, clock, dueVocabulary).text);
    case "priority":
      return text[value as Priority];
  }
};

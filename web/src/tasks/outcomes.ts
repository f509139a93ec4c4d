import { touchedBy } from "../api/operation.ts";
import type { Outcome } from "../api/outcomes.ts";
import { closeToast, showToast } from "../ui/Toasts.tsx";
import { tasksOf } from "./actions.ts";
import { text } from "./messages.ts";
import { openHistory, openTask } from "./open-task.ts";
import { refusalWords } from "./refusal-words.ts";
import { forgetUndo } from "./undo-steps.ts";

/** Corrects what was said before, when the server made something else of what was done. */
export const tellOutcome = (outcome: Outcome): void =>
  outcome.kind === "refused" ? tellRefusal(outcome) : tellTextNews(outcome);

/** In place of what was said: that did not come true. */
const tellRefusal = ({ operation, refusal }: Extract<Outcome, { kind: "refused" }>): void => {
  // A change that its history refuses to take back says so there, and asks; that it was reverted is not true.
  if (operation.command.kind === "revert") return closeToast("undo");
  if (operation.command.kind === "undo") forgetUndo(operation.id);
  const [task] = tasksOf(touchedBy(operation.command));
  const show = task === undefined ? undefined : { label: text.show, run: () => openTask(task.id) };
  showToast(refusalWords(operation.command, refusal), show, "undo");
};

const tellTextNews = ({ operation, news }: Extract<Outcome, { kind: "text" }>): void => {
  const [id = ""] = touchedBy(operation.command);
  const title = tasksOf([id])[0]?.title ?? "";
  const action = { label: text.showHistory, run: () => openHistory(id) };
  const words =
    news.kind === "title-replaced" ? text.titleReplaced(title, news.theirs) : text[wordsOf[news.kind]](title);
  showToast(words, action, `text.${id}`, news.kind !== "description-merged");
};

const wordsOf = {
  "description-merged": "descriptionMerged",
  "description-both": "descriptionBoth",
  "description-replaced": "descriptionReplaced",
} as const;

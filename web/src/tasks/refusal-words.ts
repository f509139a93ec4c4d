import { type Command, type Refusal, withoutOutcome } from "../api/operation.ts";
import { text } from "./messages.ts";

/** What the server refused, and why, in a sentence without the names of fields and ids. */
export const refusalWords = (command: Command, refusal: Refusal): string => {
  const reason = reasonOf(refusal);
  return command.kind === "undo" ? text.notUndone(reason) : text.notSaved(reason);
};

/** What the server says of a value or a state is meant for people too; where it speaks of ids, it is said anew. */
const reasonOf = ({ code, message }: Refusal): string => {
  switch (code) {
    case "undo_conflict":
      return withoutOutcome(message);
    case "not_found":
      return text.isGone;
    default:
      return technical.test(message) ? text.serverRefused : withoutPlace(message);
  }
};

/** An id, or the name of a field or setting as programs write it. */
const technical = /[\da-f]{8}-[\da-f]{4}-|\w+_\w+|Idempotency|If-Match/i;

/** "operation 3: …" and "title: …" name places in a request that the user never saw. */
const withoutPlace = (message: string): string => message.replace(/^(?:operation \d+: )?(?:[a-z.]+\d*: )?/, "");

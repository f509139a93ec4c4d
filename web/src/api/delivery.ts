import { Refused, Unreachable } from "./http.ts";
import { touchedBy, type Operation, type Refusal } from "./operation.ts";

/** What to do after the server did not do an operation. */
export type Outcome =
  | { readonly kind: "retry"; readonly afterMs: number | null }
  | { readonly kind: "signed-out" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** 412: others have changed the task again and again meanwhile. */
const temporary = new Set([408, 412, 425, 429]);

/** Only an answer that would be the same next time takes an operation back; everything else is tried again. */
export const outcomeOf = (error: unknown): Outcome => {
  if (error instanceof Unreachable) return { kind: "retry", afterMs: null };
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) return { kind: "signed-out" };
  if (error.status >= 500 || temporary.has(error.status)) return { kind: "retry", afterMs: error.retryAfterMs };
  return { kind: "refused", refusal: { code: error.code, message: plainMessage(error) } };
};

const plainMessage = (error: Refused): string => error.errors.map(({ message }) => message).join("; ") || error.message;

/**
 * Milliseconds to wait before attempt `attempt` (from 0): doubling from half a second to 30 s, and up to a quarter less
 * by chance.
 */
export const backoffMs = (attempt: number, chance: number): number =>
  Math.min(500 * 2 ** attempt, 30_000) * (1 - chance / 4);

/**
 * The operation to send next: the oldest that was not refused.
 * What builds on a task the server refused to make waits for the user's decision with it.
 */
export const nextToSend = (queue: readonly Operation[]): Operation | undefined => {
  const unmade = new Set(
    queue.flatMap(({ command, refusal }) =>
      refusal !== undefined && command.kind === "create" ? [command.task.id] : [],
    ),
  );
  return queue.find(
    (operation) => operation.refusal === undefined && !touchedBy(operation.command).some((id) => unmade.has(id)),
  );
};

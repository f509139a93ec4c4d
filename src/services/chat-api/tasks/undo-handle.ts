import { DomainError } from "../../../contract/problem.ts";
import type { SequenceRange } from "./commit.ts";

/**
 * A write's undo handle names the user's sequences it took: its events hold before and after of everything it touched,
 * so nothing else needs to be kept. Good only together with the user's own token.
 */
export const undoHandle = ({ first, last }: SequenceRange): string =>
  Buffer.from(`${first}-${last}`).toString("base64url");

/** Longer than any write the API takes; bounds what a made-up handle can read. */
const MOST_EVENTS = 10_000;

/** The sequences a handle names; `not_found` for one that no write gave. */
export const readUndoHandle = (handle: string): SequenceRange => {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(Buffer.from(handle, "base64url").toString("latin1"));
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || first < 1 || last < first || last - first >= MOST_EVENTS)
    throw new DomainError("not_found", "no write has this undo handle");
  return { first, last };
};

/** The last sequence a stream has sent; the next one it sends is `cursor + 1`, always. */
export type Cursor = number;

export interface LogRange {
  readonly head: number;
  /** The oldest sequence that is still kept; `head + 1` when none is. */
  readonly oldest: number;
}

export interface Opening {
  readonly kind: "hello" | "resume" | "resync";
  readonly cursor: Cursor;
}

/**
 * Where a stream begins. Without a cursor: at the head. With one: behind it, unless the log no longer has what follows,
 * or has never been that far (a database restored from an older backup); then the client must load everything anew.
 */
export const openingOf = (since: Cursor | undefined, { head, oldest }: LogRange): Opening => {
  if (since === undefined) return { kind: "hello", cursor: head };
  const canResume = since <= head && since >= oldest - 1;
  return canResume ? { kind: "resume", cursor: since } : { kind: "resync", cursor: head };
};

/**
 * What an event means to a stream that stands at `cursor`: the next one, one it has sent, or one that comes too early.
 */
export const placeOf = (sequence: number, cursor: Cursor): "next" | "known" | "ahead" => {
  if (sequence <= cursor) return "known";
  return sequence === cursor + 1 ? "next" : "ahead";
};

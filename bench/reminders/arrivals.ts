import type { RawStream } from "../streams/sockets.ts";

/** One reminder on a screen, in milliseconds after its instant. */
export interface Arrival {
  /** When it was given, by the database's clock. */
  readonly given: number;
  /** When it was read from the stream, by this process's. */
  readonly seen: number;
}

const GIVEN = /"late_ms":(\d+),"reminder":\{[^}]*?"scheduled_for":"([^"]+)"/g;

/** Collects what comes to all these streams until there are `count`; throws when nothing more has come for a while. */
export const collect = async (
  streams: readonly RawStream[],
  count: number,
  longestPauseMs: number,
): Promise<readonly Arrival[]> => {
  const arrivals: Arrival[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const giveUp = (): void =>
    reject(new Error(`${arrivals.length} of ${count} reminders came, and no more for ${longestPauseMs} ms`));
  let waiting = setTimeout(giveUp, longestPauseMs);
  for (const stream of streams) {
    let rest = "";
    stream.onChunk = (chunk) => {
      const now = Date.now();
      const text = rest + chunk.toString("latin1");
      const end = text.lastIndexOf("\n\n") + 2;
      rest = end === 1 ? text : text.slice(end);
      if (end === 1) return;
      for (const [, late, at = ""] of text.slice(0, end).matchAll(GIVEN))
        arrivals.push({ given: Number(late), seen: now - Date.parse(at) });
      clearTimeout(waiting);
      waiting = setTimeout(giveUp, longestPauseMs);
      if (arrivals.length >= count) resolve();
    };
  }
  await promise.finally(() => clearTimeout(waiting));
  return arrivals;
};

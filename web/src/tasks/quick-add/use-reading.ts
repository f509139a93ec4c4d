import { useEffect, useMemo, useState } from "react";
import type { DueWords } from "../../../../src/domain/quick-add/due-words.ts";
import type { Span } from "../../../../src/domain/quick-add/span.ts";
import { useUser } from "../../api/session.ts";
import type { Clock } from "../../time/due-date.ts";
import type * as parserModule from "./parser.ts";
import type { Reading, Typist } from "./parser.ts";

type Parser = typeof parserModule;

let parser: Parser | undefined;
let loading: Promise<Parser> | undefined;

/** Loads the parser, which the first view does without. */
const loadParser = async (): Promise<Parser> => {
  loading ??= import("./parser.ts");
  try {
    parser = await loading;
    return parser;
  } catch (error) {
    loading = undefined;
    throw error;
  }
};

/** Nobody waits longer for the parser: what was typed is then added as it stands. */
const MAX_WAIT_MS = 10_000;

/** A longer line is no line that anyone types, and stays as it is. The server's bound too. */
const MAX_LINE = 2_000;

const waited = (): Promise<undefined> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(undefined), MAX_WAIT_MS);
  });

export interface Reader {
  /** Null while the parser is on its way, and for a line that is too long. */
  read(line: string, literal?: readonly Span[]): Reading | null;
  /** Words that are a due date and nothing else; null while the parser is on its way, and for what is no date. */
  readDue(words: string): DueWords;
  /** Null when there is no parser to be had in time: offline, before this device ever had it. */
  readWhenLoaded(line: string, literal?: readonly Span[]): Promise<Reading | null>;
}

/** Understands lines as they are typed. */
export const useReader = (clock: Clock): Reader => {
  const user = useUser();
  const [loaded, setLoaded] = useState(parser);
  useEffect(() => {
    if (loaded === undefined) loadParser().then(setLoaded, () => undefined);
  }, [loaded]);
  const weekStart = user?.week_start ?? "monday";
  const allDayHour = user?.all_day_hour ?? 9;
  return useMemo(() => {
    const typist: Typist = { clock, weekStart, allDayHour };
    const readBy = (by: Parser | undefined, line: string, literal: readonly Span[]): Reading | null =>
      by === undefined || line.trim() === "" || line.length > MAX_LINE ? null : by.read(line, typist, literal);
    return {
      read: (line, literal = []) => readBy(loaded, line, literal),
      readDue: (words) => (loaded === undefined || words.length > MAX_LINE ? null : loaded.readDue(words, typist)),
      readWhenLoaded: async (line, literal = []) =>
        readBy(await Promise.race([loadParser().catch(() => undefined), waited()]), line, literal),
    };
  }, [loaded, clock, weekStart, allDayHour]);
};

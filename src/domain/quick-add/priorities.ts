import type { Priority } from "../../contract/task.ts";
import type { Read, Reader } from "./reader.ts";

const bySign: Readonly<Record<string, Priority>> = {
  high: "high",
  medium: "medium",
  low: "low",
  "1": "high",
  "2": "medium",
  "3": "low",
};
const byLetter: Readonly<Record<string, Priority>> = { p1: "high", p2: "medium", p3: "low", p4: "low" };

/** `!high`, `!1`, `!!!`, `p1`: signs that stand apart. */
export const readPriority = (reader: Reader, at: number): Read<Priority> | undefined => {
  const token = reader.tokens[at];
  if (token === undefined || !token.isApart) return undefined;
  const letter = byLetter[token.text];
  if (letter !== undefined) return endsHere(reader, at + 1) ? { value: letter, next: at + 1 } : undefined;
  if (!reader.sign(at, "!")) return undefined;
  const named = bySign[reader.tokens[at + 1]?.folded ?? ""];
  if (named !== undefined && reader.tokens[at + 1]?.isApart === false && endsHere(reader, at + 2))
    return { value: named, next: at + 2 };
  const isThree = [1, 2].every((more) => reader.sign(at + more, "!") && reader.tokens[at + more]?.isApart === false);
  return isThree && endsHere(reader, at + 3) ? { value: "high", next: at + 3 } : undefined;
};

const endsHere = (reader: Reader, at: number): boolean => reader.tokens[at]?.isApart ?? true;

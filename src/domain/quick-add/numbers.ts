import type { Read, Reader } from "./reader.ts";

/** A number in digits or in words. */
export const readNumber = (reader: Reader, at: number): Read<number> | undefined => {
  const digits = reader.match(at, /^\d{1,4}$/);
  if (digits !== undefined) return { value: Number(digits[0]), next: at + 1 };
  const word = reader.word(at, "number");
  return word && { value: word.value.value, next: word.next };
};

/** A number, or an article that stands for one: `a week`. */
export const readAmount = (reader: Reader, at: number): Read<number> | undefined => {
  const number = readNumber(reader, at);
  if (number !== undefined) return number;
  const article = reader.word(at, "article");
  return article && { value: 1, next: article.next };
};

/** `3rd`, `3.`, `third`, `last` (-1). */
export const readOrdinal = (reader: Reader, at: number): Read<number> | undefined => {
  const word = reader.word(at, "ordinal");
  if (word !== undefined) return { value: word.value.value, next: word.next };
  return readOrdinalDigits(reader, at);
};

/** `3rd`, `3.`: digits that say that they are an ordinal. */
export const readOrdinalDigits = (reader: Reader, at: number): Read<number> | undefined => {
  const [, digits, suffix = ""] = reader.match(at, /^(\d{1,2})(\p{L}*)$/u) ?? [];
  if (digits === undefined) return undefined;
  const { ordinalSuffixes } = reader.language;
  if (suffix !== "") return ordinalSuffixes.includes(suffix) ? { value: Number(digits), next: at + 1 } : undefined;
  const dotted = ordinalSuffixes.includes(".") && reader.sign(at + 1, ".") && reader.tokens[at + 1]?.isApart === false;
  return dotted ? { value: Number(digits), next: at + 2 } : undefined;
};

/** A day of a month in digits or as an ordinal: `15`, `15th`, `first`. */
export const readDayOfMonth = (reader: Reader, at: number): Read<number> | undefined => {
  const ordinal = readOrdinal(reader, at);
  if (ordinal !== undefined) return ordinal.value > 0 ? ordinal : undefined;
  const digits = reader.match(at, /^\d{1,2}$/);
  return digits && { value: Number(digits[0]), next: at + 1 };
};

const YEAR = /^(?:19|20|21)\d{2}$/;

/** `2027`, also behind a comma. */
export const readYear = (reader: Reader, at: number): Read<number> | undefined => {
  const place = reader.sign(at, ",") ? at + 1 : at;
  const year = reader.match(place, YEAR);
  return year && { value: Number(year[0]), next: place + 1 };
};

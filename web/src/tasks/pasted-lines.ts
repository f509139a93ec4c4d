/** The longest title the contract allows, in characters. */
export const MAX_TITLE_LENGTH = 255;

/** The titles in pasted text: its lines without what marks them as a list, and without empty ones. */
export const titlesIn = (text: string): string[] =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^\s*(?:[-*•‣◦]\s+|\d{1,3}[.)]\s+)?(?:\[[ xX]?\]\s+)?/, "").trim())
    .filter((line) => line !== "");

/** By how many characters a title is too long; 0 when it is not. The server counts the same way. */
export const excessOf = (title: string, max = MAX_TITLE_LENGTH): number =>
  title.length <= max ? 0 : Math.max(0, [...title.trim()].length - max);

/** A line as a task: one that is longer than a title may be is kept whole in the description. */
export const taskOfLine = (line: string): { readonly title: string; readonly description?: string } =>
  excessOf(line) === 0
    ? { title: line }
    : { title: `${[...line].slice(0, MAX_TITLE_LENGTH - 1).join("")}…`, description: line };

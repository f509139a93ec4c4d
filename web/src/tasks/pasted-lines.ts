/** The longest title the contract allows. */
export const maxTitleLength = 255;

/** The titles in pasted text: its lines without what marks them as a list, and without empty ones. */
export const titlesIn = (text: string): string[] =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^\s*(?:[-*•‣◦]\s+|\d{1,3}[.)]\s+)?(?:\[[ xX]?\]\s+)?/, "").trim())
    .filter((line) => line !== "")
    .map((line) => line.slice(0, maxTitleLength));

import { diffArrays } from "diff";

export interface MergedText {
  readonly text: string;
  /** Both changed the same lines: both versions of these are in the text, one after the other. */
  readonly hasBoth: boolean;
}

/**
 * Merges by lines what two devices made of one text (diff3). Nothing that either wrote is missing: lines that both
 * changed stand in both versions, `theirs` first; what one removed and the other changed stays.
 */
export const mergeText = (base: string, mine: string, theirs: string): MergedText => {
  const merged = regionsOf(linesOf(base), linesOf(mine), linesOf(theirs)).map(mergeRegion);
  return {
    text: merged.flatMap(({ lines }) => lines).join("\n"),
    hasBoth: merged.some(({ isBoth }) => isBoth),
  };
};

type Lines = readonly string[];

/** A stretch of the text in three versions. */
interface Region {
  readonly base: Lines;
  readonly mine: Lines;
  readonly theirs: Lines;
}

/** An empty text has no lines; line ends of other systems are no change. */
const linesOf = (text: string): Lines => (text === "" ? [] : text.split(/\r\n|\r|\n/));

/** The text cut before and after each line that all three have. */
const regionsOf = (base: Lines, mine: Lines, theirs: Lines): Region[] => {
  const [inMine, inTheirs] = [placesIn(base, mine), placesIn(base, theirs)];
  const regions: Region[] = [];
  let [b, m, t] = [0, 0, 0];
  const cut = (toBase: number, toMine: number, toTheirs: number): void => {
    regions.push({ base: base.slice(b, toBase), mine: mine.slice(m, toMine), theirs: theirs.slice(t, toTheirs) });
    [b, m, t] = [toBase, toMine, toTheirs];
  };
  for (const index of base.keys()) {
    const [mineAt, theirsAt] = [inMine.get(index), inTheirs.get(index)];
    if (mineAt === undefined || theirsAt === undefined) continue;
    cut(index, mineAt, theirsAt);
    cut(index + 1, mineAt + 1, theirsAt + 1);
  }
  cut(base.length, mine.length, theirs.length);
  return regions;
};

/** Two texts that differ in more lines than this have nothing in common: to find out what would take seconds. */
const MAX_DIFFERENT_LINES = 300;

/** Where each line of the base that was kept is in a text made of it. */
const placesIn = (base: Lines, text: Lines): ReadonlyMap<number, number> => {
  const places = new Map<number, number>();
  let [b, t] = [0, 0];
  const pieces = diffArrays([...base], [...text], { maxEditLength: MAX_DIFFERENT_LINES }) ?? [];
  for (const { value, added, removed } of pieces) {
    if (!added && !removed) for (const step of value.keys()) places.set(b + step, t + step);
    if (!added) b += value.length;
    if (!removed) t += value.length;
  }
  return places;
};

/** What both added at one place is no contradiction: a list got two new lines. */
const mergeRegion = ({ base, mine, theirs }: Region): { readonly lines: Lines; readonly isBoth: boolean } => {
  if (isSame(theirs, base) || isSame(mine, theirs)) return { lines: mine, isBoth: false };
  if (isSame(mine, base)) return { lines: theirs, isBoth: false };
  const more = mine.filter((line) => !theirs.includes(line));
  return { lines: [...theirs, ...more], isBoth: base.length > 0 && more.length > 0 && theirs.length > 0 };
};

const isSame = (a: Lines, b: Lines): boolean => a.length === b.length && a.every((line, index) => line === b[index]);

const schemes = ["https:", "http:", "mailto:", "tel:"];

/** An address that a text may send its reader to, whole; null for any other, such as one that runs a script. */
export const webAddress = (address: string): string | null => {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && schemes.includes(url.protocol) ? url.href : null;
};

/** A part of a title: words, or a link with the words that stand for it. */
export interface TitlePart {
  readonly text: string;
  readonly href: string | null;
}

const links = /\[([^[\]]+)\]\((https?:\/\/[^\s()]+)\)|https?:\/\/[^\s<>"]+/g;
/** What ends a sentence or closes a bracket is no part of the address before it. */
const trailing = /[.,;:!?'"\])}»]+$/;

/** The links in a title, bare or as `[words](address)`, and the words between them. */
export const titleParts = (title: string): TitlePart[] => {
  const parts: TitlePart[] = [];
  let end = 0;
  for (const match of title.matchAll(links)) {
    const [whole, words, target] = match;
    const written = target === undefined ? whole.replace(trailing, "") : whole;
    const href = webAddress(target ?? written);
    if (href === null) continue;
    if (match.index > end) parts.push({ text: title.slice(end, match.index), href: null });
    parts.push({ text: words ?? shortened(written), href });
    end = match.index + written.length;
  }
  return end < title.length ? [...parts, { text: title.slice(end), href: null }] : parts;
};

/** A title as it is read: words in place of addresses. */
export const readTitle = (title: string): string =>
  titleParts(title)
    .map(({ text }) => text)
    .join("");

const MAX_ADDRESS_LENGTH = 40;

const shortened = (address: string): string => {
  const short = address.replace(/^https?:\/\//, "").replace(/\/$/, "");
  return short.length <= MAX_ADDRESS_LENGTH ? short : `${short.slice(0, MAX_ADDRESS_LENGTH - 1)}…`;
};

/** What a user typed into one field, or into the fields of one form by their names. */
export type Draft = Readonly<Record<string, string>>;

interface Kept {
  /** RFC 3339 instant of the last keystroke. */
  readonly at: string;
  readonly draft: Draft;
}

/** More than anyone leaves unfinished; of more than these the oldest go. */
const MAX_DRAFTS = 100;
const MAX_AGE_MS = 90 * 24 * 3600 * 1000;

/** Where this device keeps the drafts of a user: one entry a field, so that a keystroke writes that field alone. */
export const draftPrefix = (userId: string): string => `taskflow.draft.${userId}.`;

/** Reads the drafts of a user; what is old, or cannot be read, is removed. */
export const readDrafts = (userId: string): ReadonlyMap<string, Draft> => {
  const oldest = new Date(Date.now() - MAX_AGE_MS).toISOString();
  const drafts = new Map<string, Draft>();
  for (const { key, field, kept } of keptDrafts(userId)) {
    if (kept === null || kept.at < oldest) localStorage.removeItem(key);
    else drafts.set(field, kept.draft);
  }
  return drafts;
};

/** Keeps a draft. Where the device has no room left, older ones make way; the last resort is the page's memory. */
export const writeDraft = (userId: string, field: string, draft: Draft): void => {
  const key = draftPrefix(userId) + field;
  const text = JSON.stringify({ at: new Date().toISOString(), draft } satisfies Kept);
  if (localStorage.getItem(key) === null) makeRoom(userId, MAX_DRAFTS - 1);
  for (let room = MAX_DRAFTS - 1; room >= 0; room = Math.floor(room / 2) - 1) {
    try {
      return localStorage.setItem(key, text);
    } catch {
      makeRoom(userId, Math.floor(room / 2));
    }
  }
};

export const removeDraft = (userId: string, field: string): void =>
  localStorage.removeItem(draftPrefix(userId) + field);

/** Removes all drafts of a user from this device. */
export const forgetDrafts = (userId: string): void => makeRoom(userId, 0);

/** Removes the oldest, until at most `count` are left. */
const makeRoom = (userId: string, count: number): void => {
  const drafts = keptDrafts(userId);
  if (drafts.length <= count) return;
  const byAge = drafts.toSorted((a, b) => (a.kept?.at ?? "").localeCompare(b.kept?.at ?? ""));
  for (const { key } of byAge.slice(0, drafts.length - count)) localStorage.removeItem(key);
};

const keptDrafts = (userId: string): { readonly key: string; readonly field: string; readonly kept: Kept | null }[] => {
  const prefix = draftPrefix(userId);
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return keys.map((key) => ({ key, field: key.slice(prefix.length), kept: readKept(localStorage.getItem(key)) }));
};

/** Null for what cannot be read, such as an entry of another version of the app. */
const readKept = (text: string | null): Kept | null => {
  try {
    const kept: unknown = JSON.parse(text ?? "null");
    return isKept(kept) ? kept : null;
  } catch {
    return null;
  }
};

const isKept = (value: unknown): value is Kept =>
  isRecord(value) &&
  typeof value.at === "string" &&
  isRecord(value.draft) &&
  Object.values(value.draft).every((each) => typeof each === "string");

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

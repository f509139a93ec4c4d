import { create } from "zustand";
import { draftPrefix, readDrafts, removeDraft, writeDraft, type Draft } from "./kept-drafts.ts";
import { useSession } from "./session.ts";

/**
 * What the signed-in user typed and has not saved, by field. It is kept on this device at every keystroke, so that a
 * reload, Back, an ended session and a crash bring it back, until it is saved or thrown away on purpose. It belongs to
 * its user, and is never shown to another.
 */
const useDrafts = create<{ readonly userId: string | null; readonly drafts: ReadonlyMap<string, Draft> }>(() => ({
  userId: null,
  drafts: new Map(),
}));

/** Fields typed into in this tab: what becomes of another tab's draft of them is not shown here. */
const typedHere = new Set<string>();

/** The draft of a field, or undefined. */
export const useDraft = (field: string): Draft | undefined => useDrafts(({ drafts }) => drafts.get(field));
export const draftOf = (field: string): Draft | undefined => useDrafts.getState().drafts.get(field);

/** Keeps what a field holds now. */
export const keepDraft = (field: string, draft: Draft): void => {
  const { userId, drafts } = useDrafts.getState();
  if (userId === null) return;
  typedHere.add(field);
  useDrafts.setState({ drafts: new Map(drafts).set(field, draft) });
  writeDraft(userId, field, draft);
};

/** Forgets a draft that the user threw away, or that says no more than what is saved. */
export const dropDraft = (field: string): void => {
  const { userId } = useDrafts.getState();
  if (userId === null) return;
  hide(field);
  removeDraft(userId, field);
};

/**
 * Hands a draft on to be saved: it shows no longer, but stays on the device until `saved` is fulfilled. If that fails,
 * it shows again.
 */
export const handOnDraft = (field: string, saved: Promise<unknown>): void => {
  const { userId, drafts } = useDrafts.getState();
  const draft = drafts.get(field);
  if (userId === null || draft === undefined) return;
  hide(field);
  const isRetyped = (): boolean => useDrafts.getState().drafts.has(field);
  saved.then(
    () => isRetyped() || removeDraft(userId, field),
    () => isRetyped() || keepDraft(field, draft),
  );
};

const hide = (field: string): void => {
  const { drafts } = useDrafts.getState();
  if (!drafts.has(field)) return;
  const rest = new Map(drafts);
  rest.delete(field);
  useDrafts.setState({ drafts: rest });
};

/** From now on the drafts of the signed-in user show, and those of nobody else. */
export const followDrafts = (): void => {
  const show = (): void => {
    const userId = useSession.getState().session?.user.id ?? null;
    if (useDrafts.getState().userId === userId) return;
    typedHere.clear();
    useDrafts.setState({ userId, drafts: userId === null ? new Map() : readDrafts(userId) });
  };
  useSession.subscribe(show);
  show();
  addEventListener("storage", ({ key, newValue }) => {
    const { userId } = useDrafts.getState();
    if (userId === null || newValue !== null || key?.startsWith(draftPrefix(userId)) !== true) return;
    const field = key.slice(draftPrefix(userId).length);
    if (!typedHere.has(field)) hide(field);
  });
};

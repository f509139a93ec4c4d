import { useEffect, useEffectEvent, useRef } from "react";
import { draftOf, dropDraft, keepDraft, useDraft } from "../api/drafts.ts";
import type { Draft } from "../api/kept-drafts.ts";
import { useSession } from "../api/session.ts";
import type { Typed } from "./actions.ts";
import { excessOf } from "./pasted-lines.ts";

interface TextDraftInput {
  /** What names the draft on this device. */
  readonly field: string;
  /** The text as it is saved. */
  readonly saved: string;
  /** The most characters that can be saved. */
  readonly max: number;
  readonly save: (text: string, typed: Typed) => void;
}

export interface TextDraft {
  /** What was typed and is not saved; null when nothing was. */
  readonly pending: string | null;
  /** By how many characters it is too long to be saved; 0 when it is not. */
  readonly excess: number;
  /** Typing begins, on top of what the field shows. */
  readonly begin: (text: string) => void;
  readonly change: (text: string) => void;
  /** Saves what was typed, unless it is too long: then it stays a draft. Answers whether the field is done with. */
  readonly finish: () => boolean;
  /** Throws away what was typed. */
  readonly giveUp: () => void;
}

/**
 * A text that saves by itself: each keystroke is kept on this device, leaving the field saves, and so does taking the
 * field away (Back, another view), unless the session has ended: then it stays a draft until its user is back.
 */
export const useTextDraft = ({ field, saved, max, save }: TextDraftInput): TextDraft => {
  const pending = unsaved(useDraft(field), saved)?.text ?? null;
  const begun = useRef(saved);
  const isTypedHere = useRef(false);

  const begin = (text: string): void => {
    begun.current = text;
  };
  const change = (text: string): void => {
    isTypedHere.current = true;
    const base = draftOf(field)?.base ?? begun.current;
    // What was not changed here says nothing about what another device made of it meanwhile.
    if (text === base) dropDraft(field);
    else keepDraft(field, { text, base });
  };
  const finish = (): boolean => {
    const draft = unsaved(draftOf(field), saved);
    if (draft === null) dropDraft(field);
    else if (excessOf(draft.text, max) > 0) return false;
    else save(draft.text, { field, base: draft.base });
    return true;
  };
  const leave = useEffectEvent(() => {
    if (isTypedHere.current && useSession.getState().session !== null) finish();
  });
  useEffect(() => () => leave(), []);

  return { pending, excess: excessOf(pending ?? "", max), begin, change, finish, giveUp: () => dropDraft(field) };
};

/** A page that ended between handing a text on and forgetting its draft leaves one that says what is saved already. */
const unsaved = ({ text, base }: Draft = {}, saved: string): { readonly text: string; readonly base: string } | null =>
  text === undefined || base === undefined || text === saved ? null : { text, base };

/** Whether something was typed into a field and waits there. */
export const useHasDraft = (field: string, saved: string): boolean => unsaved(useDraft(field), saved) !== null;

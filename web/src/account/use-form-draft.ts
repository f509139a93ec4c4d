import type { FormEvent } from "react";
import { dropDraft, keepDraft, useDraft } from "../api/drafts.ts";
import type { Draft } from "../api/kept-drafts.ts";

interface FormDraft {
  /** What was typed, by the names of the fields. */
  readonly values: Draft;
  readonly onChange: (event: FormEvent<HTMLFormElement>) => void;
  /** The form was sent. */
  readonly end: () => void;
}

/** Keeps what is typed into a form on this device until it is sent. Never a password. */
export const useFormDraft = (field: string): FormDraft => ({
  values: useDraft(field) ?? {},
  onChange: (event) => keepDraft(field, valuesOf(event.currentTarget)),
  end: () => dropDraft(field),
});

const valuesOf = (form: HTMLFormElement): Draft =>
  Object.fromEntries(
    Array.from(form.elements).flatMap((element) => {
      const isField = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
      return isField && element.name !== "" && element.type !== "password" ? [[element.name, element.value]] : [];
    }),
  );

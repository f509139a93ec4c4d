import { Refused, Unreachable } from "../api/http.ts";
import { text } from "./messages.ts";

/** What went wrong, for a form: by field where the server named one, in a sentence otherwise. */
export interface FormProblem {
  readonly fields: Readonly<Record<string, string>>;
  readonly whole: string | null;
}

export const noProblem: FormProblem = { fields: {}, whole: null };

/** Codes that are about one field, though the answer names none. */
const fieldOfCode: Readonly<Record<string, string>> = { email_taken: "email" };

/** Reads an error of the API; any other is a fault of ours and is thrown on. */
export const formProblem = (error: unknown): FormProblem => {
  if (error instanceof Unreachable) return { fields: {}, whole: text.unreachable };
  if (!(error instanceof Refused)) throw error;
  const meant = fieldOfCode[error.code];
  if (meant !== undefined) return { fields: { [meant]: error.message }, whole: null };
  const fields = Object.fromEntries(error.errors.map(({ field, message }) => [field, message]));
  return { fields, whole: error.errors.length > 0 ? null : error.message };
};

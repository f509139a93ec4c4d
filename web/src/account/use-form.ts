import { useState, type FormEvent } from "react";
import { formProblem, noProblem, type FormProblem } from "./problem-text.ts";

interface Form {
  readonly problem: FormProblem;
  /** Sent, and not answered yet. */
  readonly isBusy: boolean;
  readonly submit: (event: FormEvent<HTMLFormElement>) => void;
}

/** A form that is sent as a whole: `send` gets its values, and what the server refuses is said at the fields. */
export const useForm = (send: (values: FormData) => Promise<void>): Form => {
  const [problem, setProblem] = useState(noProblem);
  const [isBusy, setBusy] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setBusy(true);
    setProblem(noProblem);
    send(new FormData(event.currentTarget))
      .catch((error: unknown) => setProblem(formProblem(error)))
      .finally(() => setBusy(false));
  };
  return { problem, isBusy, submit };
};

import { useEffect, useRef, type ReactElement, type ReactNode } from "react";
import { Link } from "wouter";
import { Button } from "../ui/Button.tsx";
import { Logo } from "../ui/Logo.tsx";
import { useTitle } from "../ui/View.tsx";
import { text } from "./messages.ts";
import type { FormProblem } from "./problem-text.ts";
import styles from "./SignIn.module.css";
import { useForm } from "./use-form.ts";

interface SignInFormProps {
  readonly title: string;
  readonly lead: string;
  readonly submitLabel: string;
  readonly other: { readonly question: string; readonly label: string; readonly href: string };
  readonly onSubmit: (values: FormData) => Promise<void>;
  readonly children: (problem: FormProblem) => ReactNode;
}

/** The page of signing in and of registering: one form, and the way to the other. */
export const SignInForm = ({ title, lead, submitLabel, other, onSubmit, children }: SignInFormProps): ReactElement => {
  const { problem, isBusy, submit } = useForm(onSubmit);
  useTitle(title);
  const form = useRef<HTMLFormElement>(null);
  // The page is this form and nothing else.
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  return (
    <main className={styles.page}>
      <form ref={form} className={styles.card} onSubmit={submit}>
        <div className={styles.brand}>
          <Logo /> TaskFlow
        </div>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.lead}>{lead}</p>
        {problem.whole !== null && (
          <p className={styles.problem} role="alert">
            {problem.whole}
          </p>
        )}
        {children(problem)}
        <Button look="primary" type="submit" disabled={isBusy}>
          {isBusy ? text.waiting : submitLabel}
        </Button>
        <p className={styles.other}>
          {other.question} <Link href={other.href}>{other.label}</Link>
        </p>
      </form>
    </main>
  );
};

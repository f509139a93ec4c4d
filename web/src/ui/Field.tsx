import { Field as Base } from "@base-ui/react/field";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import styles from "./Field.module.css";

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly children: ReactNode;
}

/** A control with its name, an explanation and what is wrong with it, joined for screen readers. */
export const Field = ({ label, hint, error, children }: FieldProps): ReactElement => (
  <Base.Root className={styles.field} invalid={error !== undefined}>
    <Base.Label className={styles.label}>{label}</Base.Label>
    {children}
    {hint !== undefined && error === undefined && <Base.Description className={styles.hint}>{hint}</Base.Description>}
    {error !== undefined && (
      <Base.Error match className={styles.error}>
        {error}
      </Base.Error>
    )}
  </Base.Root>
);

interface TextFieldProps extends Omit<FieldProps, "children">, Omit<ComponentProps<"input">, "children"> {}

export const TextField = ({ label, hint, error, ...input }: TextFieldProps): ReactElement => (
  <Field label={label} error={error} {...(hint === undefined ? {} : { hint })}>
    <Base.Control render={<input {...input} />} className={styles.input} />
  </Field>
);

interface SelectFieldProps extends Omit<FieldProps, "children">, Omit<ComponentProps<"select">, "children"> {
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** The platform's own select: known to every user, and right on every phone. */
export const SelectField = ({ label, hint, error, options, ...select }: SelectFieldProps): ReactElement => (
  <Field label={label} error={error} {...(hint === undefined ? {} : { hint })}>
    <Base.Control
      className={styles.input}
      render={
        <select {...select}>
          {options.map(({ value, label: name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      }
    />
  </Field>
);

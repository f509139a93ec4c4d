import type { ReactElement } from "react";
import type { SeriesScope } from "../../../src/contract/recurrence.ts";

interface ScopeSelectProps {
  readonly label: string;
  readonly scopes: readonly { readonly value: SeriesScope; readonly label: string }[];
  readonly scope: SeriesScope;
  readonly onChoose: (scope: SeriesScope) => void;
  readonly className: string | undefined;
}

/** Which dates of a task that repeats a change is for. */
export const ScopeSelect = ({ label, scopes, scope, onChoose, className }: ScopeSelectProps): ReactElement => (
  <label className={className}>
    <span>{label}</span>
    <select
      value={scope}
      onChange={(event) => onChoose(scopes.find(({ value }) => value === event.currentTarget.value)?.value ?? scope)}
    >
      {scopes.map(({ value, label: name }) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  </label>
);

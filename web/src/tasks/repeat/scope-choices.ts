import type { SeriesScope } from "../../../../src/contract/recurrence.ts";
import { text } from "./messages.ts";

interface ScopeChoice {
  readonly value: SeriesScope;
  readonly label: string;
}

/** Which dates can be meant, where something is done to one date of a series, or to several at once. */
export const scopeChoices = (isOne: boolean): readonly ScopeChoice[] => [
  { value: "this", label: isOne ? text.scopeThis : text.scopeThese },
  { value: "following", label: isOne ? text.scopeFollowing : text.scopeTheseFollowing },
  { value: "all", label: text.scopeAll },
];

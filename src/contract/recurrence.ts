import { type Static, Type } from "typebox";
import { Instant, Nullable, storableText, Uuid } from "./scalars.ts";

const CivilDate = Type.String({
  maxLength: 10,
  pattern: "^\\d{4}-\\d{2}-\\d{2}$",
  examples: ["2026-03-01"],
  description: "A date, `2026-03-01`",
});
const OccurrenceDate = Type.String({
  description: "The date by the rule, with the time if it has one: `2026-03-01`, `2026-03-01T09:00`",
});

export const RecurrenceBasis = Type.Enum(["schedule", "completion"]);
export type RecurrenceBasis = Static<typeof RecurrenceBasis>;

export const RecurrenceCatchUp = Type.Enum(["latest", "all"]);
export type RecurrenceCatchUp = Static<typeof RecurrenceCatchUp>;

/** What became of an occurrence that was neither completed nor deleted by its user. */
export const OccurrenceOutcome = Type.Enum(["skipped", "withdrawn", "detached"]);
export type OccurrenceOutcome = Static<typeof OccurrenceOutcome>;

/** What a series carries beside a task's own fields; null on every other task. */
const series = {
  recurrence_pattern: Nullable(Type.String({ description: "As it was written; null on a series that was ended" })),
  recurrence_rule: Nullable(Type.String({ description: "The canonical RRULE of RFC 5545, without `RRULE:`" })),
  recurrence_text: Nullable(Type.String({ description: "The rule in words" })),
  recurrence_end_date: Nullable(Type.String({ description: "The last date an occurrence may have" })),
  recurrence_basis: Nullable(RecurrenceBasis),
  recurrence_catch_up: Nullable(RecurrenceCatchUp),
  recurrence_paused_until: Nullable(Type.String({ description: "The first date on which the series goes on" })),
  recurrence_time_zone: Nullable(
    Type.String({ description: "The zone the rule runs in: the user's, or the one an instant was given in" }),
  ),
  recurrence_passed_over: Nullable(
    Type.String({
      description: "The first and the last date that catching up left out most recently, as `first/last`",
    }),
  ),
  next_occurrence_date: Nullable(
    Type.String({
      description: "The newest occurrence that is open, or that is about to be made; null when none will follow",
    }),
  ),
};

/** What an occurrence carries; null on every other task. */
const occurrence = {
  parent_recurring_task_id: Nullable(Uuid),
  occurrence_date: Nullable(
    Type.String({ description: "Its place in the series, which stays when its due date is moved" }),
  ),
  occurrence_outcome: Nullable(OccurrenceOutcome),
};

const optional = <T extends Record<string, Type.TSchema>>(fields: T) =>
  Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, Type.Optional(schema)])) as unknown as {
    [K in keyof T]: Type.TOptional<T[K]>;
  };

/** A task's fields about repeating. They came with version 1.1.0 of the events, so an older event lacks them. */
export const recurrenceFields = optional({ ...series, ...occurrence });

/** The names of the fields that only the server makes. */
export const recurrenceMadeByTheServer = [
  "recurrence_rule",
  "recurrence_text",
  "recurrence_time_zone",
  "recurrence_passed_over",
  "next_occurrence_date",
  "parent_recurring_task_id",
  "occurrence_date",
  "occurrence_outcome",
] as const;

/** The fields about repeating that a client may write. */
export const writableRecurrence = optional({
  recurrence_pattern: Nullable(
    Type.String({
      maxLength: 5000,
      pattern: storableText,
      description: "`daily`, `weekly:MON,WED`, `monthly:1,15`, `monthly:last`, `yearly`, `custom:3d`, or an RRULE",
    }),
  ),
  recurrence_end_date: Nullable(CivilDate),
  recurrence_basis: Nullable(RecurrenceBasis),
  recurrence_catch_up: Nullable(RecurrenceCatchUp),
  recurrence_paused_until: Nullable(CivilDate),
});
export interface WritableRecurrence {
  recurrence_pattern?: string | null;
  recurrence_end_date?: string | null;
  recurrence_basis?: RecurrenceBasis | null;
  recurrence_catch_up?: RecurrenceCatchUp | null;
  recurrence_paused_until?: string | null;
}

/** Which occurrences a write is meant for: this one, this and the ones to come, or the series. */
export const SeriesScope = Type.Enum(["this", "following", "all"]);
export type SeriesScope = Static<typeof SeriesScope>;

/** Which date of a series a command means, that is sent with the series' id. */
export const NamedOccurrence = Type.Optional(
  Type.String({
    maxLength: 30,
    pattern: "^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?)?$",
    examples: ["2026-03-01T09:00"],
    description:
      "With a series' id: its date by the rule, as `occurrence_date` of an occurrence. Unless said, the earliest open one; the same command again within a minute is taken for a repeat of the first",
  }),
);

/** The body of a command, which may be left out. */
export const CommandBody = Type.Union([
  Type.Null(),
  Type.Object({ occurrence_date: NamedOccurrence }, { additionalProperties: false }),
]);
export type CommandBody = Static<typeof CommandBody>;

export const CommandQuery = Type.Object({ occurrence_date: NamedOccurrence }, { additionalProperties: false });
export type CommandQuery = Static<typeof CommandQuery>;

export const SeriesScopeQuery = Type.Object(
  {
    scope: Type.Optional(
      Type.Enum(["this", "following", "all"], {
        description: "Of a recurring task; `this` for an occurrence and `all` for a series unless said",
      }),
    ),
  },
  { additionalProperties: false },
);
export type SeriesScopeQuery = Static<typeof SeriesScopeQuery>;

export const DeleteQuery = Type.Object(
  { ...SeriesScopeQuery.properties, occurrence_date: NamedOccurrence },
  { additionalProperties: false },
);
export type DeleteQuery = Static<typeof DeleteQuery>;

export const RecurrenceWarning = Type.Enum(["due_date_not_on_rule", "time_parts_ignored"]);

export const PreviewQuery = Type.Object(
  {
    pattern: Type.String({ maxLength: 5000 }),
    due_date: Type.String({ maxLength: 40, description: "The anchor" }),
    time_zone: Type.Optional(Type.String({ maxLength: 64, description: "IANA name; the user's unless said" })),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 5 })),
    from: Type.Optional(
      Type.String({ maxLength: 10, description: "The date to begin at, for a series that has been running" }),
    ),
    end_date: Type.Optional(CivilDate),
  },
  { additionalProperties: false },
);
export type PreviewQuery = Static<typeof PreviewQuery>;

export const RecurrencePreview = Type.Object({
  rrule: Type.String(),
  text: Type.String(),
  occurrences: Type.Array(Type.Object({ occurrence_date: OccurrenceDate, due_at: Instant })),
  warnings: Type.Array(RecurrenceWarning),
});
export type RecurrencePreview = Static<typeof RecurrencePreview>;

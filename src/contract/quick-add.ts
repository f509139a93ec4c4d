import { type Static, Type } from "typebox";
import { Nullable, Uuid, storableText } from "./scalars.ts";
import { Task, Warning } from "./task.ts";

/** More is no line that anyone types. */
export const MAX_QUICK_ADD_LENGTH = 2_000;

const Span = Type.Object(
  { start: Type.Integer({ minimum: 0 }), end: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false, description: "A part of the text, in UTF-16 units; `end` is exclusive" },
);

export const QuickAddRequest = Type.Object(
  {
    text: Type.String({
      minLength: 1,
      maxLength: MAX_QUICK_ADD_LENGTH,
      pattern: storableText,
      description: "One line: `Pay rent every month on the 1st 9am !high remind 1 day before`",
    }),
    id: Type.Optional(Uuid),
    dry_run: Type.Optional(Type.Boolean({ description: "Understands the text and adds nothing" })),
    now: Type.Optional(
      Type.String({
        format: "date-time",
        maxLength: 40,
        description: "With `dry_run`: understands the text as if it were typed at that instant",
      }),
    ),
    dismissed: Type.Optional(Type.Array(Span, { maxItems: 50, description: "Parts that are meant literally" })),
    time_zone: Type.Optional(Type.String({ maxLength: 64, description: "The user's own unless given" })),
    language: Type.Optional(
      Type.String({
        maxLength: 35,
        description:
          "A language tag, `en-US`: its region says which of `3/4` is the month. Dates are understood in English",
      }),
    ),
  },
  { additionalProperties: false },
);
export type QuickAddRequest = Static<typeof QuickAddRequest>;

export const UnderstoodPart = Type.Object({
  kind: Type.Enum(["date", "time", "repeat", "reminder", "priority"]),
  text: Type.String(),
  ...Span.properties,
  value: Type.String({
    description: "A date, a time, a recurrence pattern, an offset or a wall-clock time of a reminder, a priority",
  }),
});

/** A part that looks like a date, a time or a repeat and is none; it stays in the title. */
export const RefusedPart = Type.Object({ text: Type.String(), ...Span.properties, reason: Type.String() });

const parts = { understood: Type.Array(UnderstoodPart), refused: Type.Array(RefusedPart) };

/** What a line of text adds, with what was understood of it. */
export const QuickAddAnswer = Type.Object({
  task: Task,
  ...parts,
  undo: Nullable(Type.String({ description: "Handle for `POST /undo/{handle}`" })),
  warnings: Type.Array(Warning),
});
export type QuickAddAnswer = Static<typeof QuickAddAnswer>;

/** What a line of text would add. */
export const QuickAddPreview = Type.Object({
  task: Type.Object({
    title: Type.String(),
    due_date: Type.Optional(Type.String()),
    priority: Type.Optional(Type.String()),
    recurrence_pattern: Type.Optional(Type.String()),
    recurrence_basis: Type.Optional(Type.String()),
    recurrence_end_date: Type.Optional(Type.String()),
    reminders: Type.Optional(
      Type.Array(Type.Object({ offset: Type.Optional(Type.String()), remind_at: Type.Optional(Type.String()) })),
    ),
  }),
  ...parts,
});
export type QuickAddPreview = Static<typeof QuickAddPreview>;

import { Type } from "typebox";

/** An instant: RFC 3339 in UTC with milliseconds, `2026-03-01T09:00:00.000Z`. */
export const Instant = Type.String({
  pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$",
  description: "RFC 3339 instant in UTC with milliseconds",
});

/** Lower case is the form that is written (RFC 9562 §4), so that one thing has one address. */
export const Uuid = Type.String({ format: "uuid", pattern: "^[0-9a-f-]{36}$" });

export const DueDate = Type.String({
  maxLength: 40,
  description:
    "A date (`2026-03-01`, all day), a wall-clock time in the user's zone (`2026-03-01T09:00`), or an instant (`2026-03-01T09:00:00Z`, any offset)",
});

/** PostgreSQL's text holds every Unicode character but U+0000. */
export const storableText = "^[^\\u0000]*$";

export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

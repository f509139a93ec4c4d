/*
 * The one way into the event log. What writes and what gives reminders does all of it in one statement, so this is not a
 * function that is called but the part of a statement that appends: whoever takes sequences from a user's head appends
 * with it.
 */

/** What a statement appends. The texts are SQL, with the parameters of the statement they become part of. */
export interface Append {
  /** Whose events they are: the producer whose relay publishes them. */
  readonly producer: string;
  /** A SELECT of the columns in `eventColumns`, in the order in which the events are to be published. */
  readonly events: string;
}

/** What a row of the log says, in the order in which an `Append` selects it. */
export const eventColumns = [
  "user_id",
  "sequence",
  "event_id",
  "event_type",
  "task_id",
  "task_version",
  "created_at",
  "data",
] as const;

/**
 * Common table expressions that put events into the log and, each of them, into the outbox. The sequences must have been
 * taken from the heads in the same statement.
 */
export const appendEvents = ({ producer, events }: Append): string => `logged AS (
  INSERT INTO events (${eventColumns.join(", ")})
  ${events}
  RETURNING user_id, sequence
), queued AS (
  INSERT INTO outbox (producer, user_id, sequence)
  SELECT ${producer}, user_id, sequence FROM logged
)`;

/** An event as its row keeps it: the place in the sequence is a column of its own. */
type Unsequenced<Event> = Event extends unknown ? Omit<Event, "sequence"> : never;

/**
 * A JSON object that the database makes, for an event of which only the database knows the values. The compiler asks
 * for an expression for every field of the contract's type, and takes no other.
 */
export const jsonOf = <Shape>(fields: { readonly [Field in keyof Required<Shape>]: string }): string =>
  `json_build_object(${Object.entries<string>(fields)
    .map(([field, expression]) => `'${field}', ${expression}`)
    .join(", ")})`;

/** The `data` of an event of the contract's type `Event`. */
export const eventData = <Event extends { readonly sequence: number }>(fields: {
  readonly [Field in keyof Required<Unsequenced<Event>>]: string;
}): string => jsonOf<Unsequenced<Event>>(fields);

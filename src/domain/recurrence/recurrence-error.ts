export type RecurrenceErrorCode =
  | "bad_pattern" // neither a short form nor an RRULE
  | "bad_part" // a part or value that RFC 5545 does not know
  | "not_allowed" // parts that RFC 5545 forbids together
  | "unsupported" // right by RFC 5545, of no use to a task
  | "never" // no date matches
  | "too_complex"; // no answer within the budget of steps

/** Why a pattern is refused. `part` is the text or the name of the part that is wrong. */
export interface RecurrenceProblem {
  readonly code: RecurrenceErrorCode;
  readonly part: string;
  readonly message: string;
}

export class RecurrenceError extends Error implements RecurrenceProblem {
  readonly code: RecurrenceErrorCode;
  readonly part: string;

  constructor(code: RecurrenceErrorCode, part: string, message: string) {
    super(message);
    this.name = "RecurrenceError";
    this.code = code;
    this.part = part.length > 80 ? `${part.slice(0, 79)}…` : part;
  }

  /** The error as plain data, for an answer. */
  get problem(): RecurrenceProblem {
    return { code: this.code, part: this.part, message: this.message };
  }
}

import { type Static, Type } from "typebox";

/**
 * Every refusal the API can answer: its stable `code`, HTTP status and title (RFC 9457).
 * This table is the only place where a code becomes a status.
 */
export const problems = {
  malformed_request: { status: 400, title: "The request cannot be read" },
  invalid_cursor: { status: 400, title: "The cursor is not one this list gave" },
  unauthenticated: { status: 401, title: "Sign in first" },
  invalid_credentials: { status: 401, title: "E-mail and password do not match" },
  session_revoked: { status: 401, title: "This session has ended" },
  forbidden: { status: 403, title: "Not allowed" },
  insufficient_scope: { status: 403, title: "The token lacks a scope" },
  password_required: { status: 403, title: "The password is asked for again" },
  wrong_password: { status: 403, title: "The password is not right" },
  registration_closed: { status: 403, title: "Registration is closed" },
  not_found: { status: 404, title: "Not found" },
  request_timeout: { status: 408, title: "The request did not come to an end" },
  email_taken: { status: 409, title: "There is an account with this e-mail" },
  undo_conflict: { status: 409, title: "Something has changed since" },
  revert_conflict: { status: 409, title: "These fields have changed since" },
  conflict: { status: 409, title: "The request does not fit the present state" },
  version_mismatch: { status: 412, title: "The task has changed" },
  payload_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The body's type is not supported" },
  validation: { status: 422, title: "A field is not valid" },
  idempotency_key_reused: { status: 422, title: "The idempotency key was used with another request" },
  reminder_limit: { status: 422, title: "Too many reminders" },
  upgrade_required: { status: 426, title: "This address is for another protocol" },
  rate_limited: { status: 429, title: "Too many requests" },
  too_many_streams: { status: 429, title: "Too many open streams" },
  headers_too_large: { status: 431, title: "The headers are too large" },
  internal: { status: 500, title: "Something failed here" },
  unavailable: { status: 503, title: "Not available right now" },
} as const;

export type ProblemCode = keyof typeof problems;

export const FieldError = Type.Object({
  field: Type.String({ description: "The field as the client named it, dotted: `operations.3.title`" }),
  message: Type.String(),
});
export type FieldError = Static<typeof FieldError>;

/** `application/problem+json` (RFC 9457). */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: "Stable; programs decide by it" }),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(FieldError)),
    correlation_id: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
);
export type Problem = Static<typeof Problem>;

export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  /** Seconds; becomes the `Retry-After` header. */
  readonly retryAfter?: number;
  /** Members added to the problem document, such as the current task of a 412. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A refusal with a reason. Anything else that is thrown is a fault and is answered as `internal`. */
export class DomainError extends Error {
  readonly code: ProblemCode;
  readonly extras: ProblemExtras;

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = "DomainError";
    this.code = code;
    this.extras = extras;
  }
}

/** The refusal of one field of a request: 422 that names it. */
export const invalidField = (field: string, message: string): DomainError =>
  new DomainError("validation", `${field}: ${message}`, { errors: [{ field, message }] });

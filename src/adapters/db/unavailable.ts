import { DomainError } from "../../contract/problem.ts";

/** SQLSTATE classes and codes that mean "the server is not there for now" (PostgreSQL, Appendix A). */
const AWAY = /^(08|57P0[1-5]|57014|25P03)/;
const AWAY_MESSAGES =
  /terminat|timeout exceeded|Connection|not queryable|ECONN|EPIPE|ENOENT|Query read timeout|pool after calling end/i;
/** Insufficient resources, and errors of the system below PostgreSQL. */
const SHORT = /^(53|58)/;
const NO_ROOM = /^(53100|ENOSPC|EDQUOT)$/;
const NO_ROOM_MESSAGE = /No space left on device|Disk quota exceeded/i;

const AWAY_RETRY_SECONDS = 1;
/** Somebody has to make room first: who asks every second only makes it worse. */
const SHORT_RETRY_SECONDS = 10;

/** What the database's machine lacks, in words, when an error says so; what was asked for was not done. */
export const shortageOf = (error: unknown): string | undefined => {
  if (error instanceof DomainError)
    return error.extras.cause === undefined ? undefined : shortageOf(error.extras.cause);
  const code = codeOf(error);
  if (!(error instanceof Error) || code === undefined) return undefined;
  if (NO_ROOM.test(code) || (SHORT.test(code) && NO_ROOM_MESSAGE.test(error.message)))
    return "the database's disk is full";
  if (code === "53200") return "the database has no memory left";
  if (code === "53300") return "the database takes no more connections";
  return SHORT.test(code) ? `the database's machine fails (SQLSTATE ${code})` : undefined;
};

/** The `unavailable` refusal for an error that says the database is away or lacks something, or undefined. */
export const asUnavailable = (error: unknown): DomainError | undefined => {
  if (error instanceof DomainError) return error.code === "unavailable" ? error : undefined;
  const shortage = shortageOf(error);
  if (shortage !== undefined) return shortOf(shortage, error);
  if (!isAway(error)) return undefined;
  return new DomainError("unavailable", "The database is away; nothing was half done. Try again.", {
    retryAfter: AWAY_RETRY_SECONDS,
    cause: error,
  });
};

/** The refusal of what cannot be done while something is lacking. */
export const shortOf = (shortage: string, cause?: unknown): DomainError =>
  new DomainError("unavailable", `${shortage.replace(/^./, (letter) => letter.toUpperCase())}; nothing was changed.`, {
    retryAfter: SHORT_RETRY_SECONDS,
    cause,
  });

const isAway = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return true;
  const code = codeOf(error);
  return code === undefined ? AWAY_MESSAGES.test(error.message) : AWAY.test(code) || /^(E[A-Z]+)$/.test(code);
};

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

import { DomainError } from "../../contract/problem.ts";
import { isInstantText } from "../../domain/instant-text.ts";

const invalid = (): DomainError =>
  new DomainError("invalid_cursor", "cursor: send the next_cursor of a page of the same list");

const encode = (parts: readonly unknown[]): string => Buffer.from(JSON.stringify(parts)).toString("base64url");

const decode = (text: string): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where a page of a log ended. */
export interface LogCursor {
  /** RFC 3339 in UTC with milliseconds. */
  readonly timestamp: string;
  readonly eventId: string;
}

export const writeLogCursor = ({ timestamp, eventId }: LogCursor): string => encode(["log", timestamp, eventId]);

export const readLogCursor = (text: string): LogCursor => {
  const [kind, timestamp, eventId] = decode(text);
  if (kind !== "log" || !isInstantText(timestamp) || !isUuid(eventId)) throw invalid();
  return { timestamp, eventId };
};

export const writeSequenceCursor = (sequence: number): string => encode(["sequence", sequence]);

export const readSequenceCursor = (text: string): number => {
  const [kind, sequence] = decode(text);
  if (kind !== "sequence" || !Number.isSafeInteger(sequence) || (sequence as number) < 0) throw invalid();
  return sequence as number;
};

export const writeIdCursor = (id: string): string => encode(["id", id]);

export const readIdCursor = (text: string): string => {
  const [kind, id] = decode(text);
  if (kind !== "id" || !isUuid(id)) throw invalid();
  return id;
};

const isUuid = (value: unknown): value is string => typeof value === "string" && UUID.test(value);

import { DomainError } from "../../contract/problem.ts";
import { isInstantText } from "../../domain/instant-text.ts";

/** Where a page of a list ended that is in the order of time. */
export interface TimeCursor {
  /** RFC 3339 in UTC with milliseconds. */
  readonly at: string;
  readonly id: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const writeTimeCursor = ({ at, id }: TimeCursor): string => Buffer.from(`${at}/${id}`).toString("base64url");

/** Throws `invalid_cursor` for a text that `writeTimeCursor` has not made. */
export const readTimeCursor = (text: string): TimeCursor => {
  const [at = "", id = ""] = Buffer.from(text, "base64url").toString("utf8").split("/");
  if (!isInstantText(at) || !UUID.test(id))
    throw new DomainError("invalid_cursor", "cursor: send the next_cursor of a page of the same list");
  return { at, id };
};

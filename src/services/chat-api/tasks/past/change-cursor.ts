import { DomainError } from "../../../../contract/problem.ts";

/** Where a page of changed tasks ended: the sequence of the last one's last change. */
export const writeChangeCursor = (sequence: number): string => Buffer.from(`changes-${sequence}`).toString("base64url");

export const readChangeCursor = (text: string): number => {
  const match = /^changes-(\d{1,15})$/.exec(Buffer.from(text, "base64url").toString("latin1"));
  if (match === null)
    throw new DomainError("invalid_cursor", "cursor: send the next_cursor of a page of the same list");
  return Number(match[1]);
};

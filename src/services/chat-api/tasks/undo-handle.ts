import { timingSafeEqual } from "node:crypto";
import { DomainError } from "../../../contract/problem.ts";
import type { KeyedHash } from "../../../ports.ts";
import type { SequenceRange } from "./commit.ts";

/**
 * Handles that take writes back. A write's handle names the user's sequences it took: its events hold before and after
 * of everything it touched, so nothing else needs to be kept. A keyed hash over user and range goes before them, so that
 * each handle is one that this installation gave, to this user, for exactly one write.
 */
export interface UndoHandles {
  write(userId: string, range: SequenceRange): string;
  /** @throws DomainError `not_found` for one that no write of the user gave */
  read(userId: string, handle: string): SequenceRange;
}

/** 128 bits: nobody finds one by trying. */
const MAC_BYTES = 16;

export const createUndoHandles = (keyedHash: KeyedHash): UndoHandles => {
  const macOf = (userId: string, range: string): Buffer =>
    keyedHash.hash("undo handle", `${userId} ${range}`).subarray(0, MAC_BYTES);

  return {
    write(userId, { first, last }) {
      const range = `${first}-${last}`;
      return Buffer.concat([macOf(userId, range), Buffer.from(range)]).toString("base64url");
    },

    read(userId, handle) {
      const bytes = Buffer.from(handle, "base64url");
      const [mac, range] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES).toString("latin1")];
      const [, first, last] = /^(\d{1,15})-(\d{1,15})$/.exec(range) ?? [];
      if (first === undefined || last === undefined || !timingSafeEqual(mac, macOf(userId, range)))
        throw new DomainError("not_found", "no write of this account has this undo handle");
      return { first: Number(first), last: Number(last) };
    },
  };
};

import { shortageOf } from "./unavailable.ts";

/** Longer than callers are told to wait before they try again, so that a lasting shortage is told of all the while. */
const REMEMBERED_MS = 15_000;

/** What the database's machine was lacking when a statement failed some seconds ago. */
export const createShortageMemory = () => {
  let last: { readonly shortage: string; readonly at: number } | undefined;
  return {
    note(error: unknown): void {
      const shortage = shortageOf(error);
      if (shortage !== undefined) last = { shortage, at: performance.now() };
    },
    current: (): string | undefined =>
      last !== undefined && performance.now() - last.at < REMEMBERED_MS ? last.shortage : undefined,
  };
};

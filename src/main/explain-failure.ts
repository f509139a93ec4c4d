import { shortageOf } from "../adapters/db/unavailable.ts";
import { Refusal } from "../adapters/refusal.ts";

/** SQLite's result codes (sqlite.org/rescode.html), as `node:sqlite` gives them: of the lock on the data folder. */
const SQLITE = { readonly: 8, io: 10, full: 13, cannotOpen: 14 } as const;

interface Failure extends Error {
  readonly code?: string;
  readonly errcode?: number;
  readonly path?: string;
}

/** The sentence for a failure of the machine rather than of the program; undefined for every other one. */
export function explainFailure(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "", errcode, path, message } = error as Failure;
  const where = path === undefined ? "" : ` (${path})`;
  if (/^(ENOSPC|EDQUOT)$/.test(code) || errcode === SQLITE.full || /No space left on device/.test(message))
    return new Refusal(`There is no room left on the disk${where}; make room and start again. Nothing was lost.`);
  if (/^(EACCES|EPERM)$/.test(code) || errcode === SQLITE.readonly || errcode === SQLITE.cannotOpen)
    return new Refusal(
      `This process (user ${process.getuid?.()}) may not write in the data folder${where}; give the folder and all in it to that user (chown -R), or start TaskFlow as its owner.`,
    );
  if (code === "EROFS")
    return new Refusal(`The disk is mounted read-only${where}; TaskFlow writes in its data folder.`);
  if (code === "EIO" || errcode === SQLITE.io) return new Refusal(`The disk fails (input or output error)${where}.`);
  const shortage = shortageOf(error);
  return shortage === undefined ? undefined : new Refusal(`TaskFlow cannot start: ${shortage}.`);
}

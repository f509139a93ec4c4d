import { statfs } from "node:fs/promises";
import type { Logger, Loop, StartLoop } from "../ports.ts";

export interface DiskWatch extends Pick<Loop, "stop"> {
  /** That there is no room for more writes, in words. */
  shortage(): string | undefined;
}

export interface DiskWatchDeps {
  readonly folder: string;
  readonly log: Logger;
  readonly startLoop: StartLoop;
}

const MIB = 1_048_576;
const LOOK_MS = 1_000;
/**
 * PostgreSQL ends itself, and reads with it, when it cannot make the next file of its write-ahead log (16 MiB). Writes
 * are refused before that; what runs in the background has the rest.
 */
const RESERVE_BYTES = 48 * MIB;
/** Writes go on when there is some more, so that the state does not change with every file. */
const ENOUGH_BYTES = 64 * MIB;

/** Looks every second at the room that is left where the embedded database lies. */
export const watchDisk = ({ folder, log, startLoop }: DiskWatchDeps): DiskWatch => {
  let isFull = false;
  const loop = startLoop("disk space", LOOK_MS, async () => {
    const { bavail, bsize } = await statfs(folder);
    const left = bavail * bsize;
    const wasFull = isFull;
    isFull = left < (wasFull ? ENOUGH_BYTES : RESERVE_BYTES);
    if (isFull === wasFull) return;
    const fields = { folder, left_mib: Math.round(left / MIB) };
    if (isFull) log.error(fields, "the disk is full: writes are refused until there is room");
    else log.info(fields, "there is room on the disk again: writes go on");
  });
  return {
    shortage: () =>
      isFull ? `the disk of the data folder is full (less than ${RESERVE_BYTES / MIB} MiB are left)` : undefined,
    stop: loop.stop,
  };
};

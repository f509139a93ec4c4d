import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../refusal.ts";

/** In a data folder from the beginning of a restore until its end. With a dot: it makes the folder nobody else's. */
const MARK = ".restore-unfinished";

/** @throws Refusal when a restore into this data folder was cut off: what is there is not the whole. */
export function refuseUnfinishedRestore(dataDir: string): void {
  if (existsSync(join(dataDir, MARK)))
    throw new Refusal(`The restore into ${dataDir} did not finish; run it again, nothing of the backup was lost.`);
}

/**
 * Marks a data folder as one that is being restored into; it must be empty, or have the mark of a restore that was cut
 * off. Answers whether it had.
 */
export function beginRestore(dataDir: string): boolean {
  const mark = join(dataDir, MARK);
  if (existsSync(mark)) return true;
  if (statSync(dataDir, { throwIfNoEntry: false })?.isDirectory() === true) {
    const others = readdirSync(dataDir).filter((name) => name !== "lost+found");
    if (others.length > 0)
      throw new Refusal(
        `The data folder ${dataDir} is not empty (${others.slice(0, 3).join(", ")}); a backup is never restored over data. Name an empty or new folder in TASKFLOW_DATA_DIR.`,
      );
  }
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(mark, "");
  return false;
}

export function endRestore(dataDir: string): void {
  rmSync(join(dataDir, MARK));
}

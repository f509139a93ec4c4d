import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Refusal } from "../../refusal.ts";

/** The process that has a data folder, as the next one that wants it reads it. */
interface Holder {
  readonly pid: number;
  readonly address: string | null;
}

export interface FolderLock {
  /** Lets a second start say where this one answers. */
  announce(address: string): void;
  release(): void;
}

const sqliteBusy = 5;

/**
 * Takes a data folder for this process, or throws a Refusal that names who has it.
 *
 * Node has no flock; the lock SQLite takes on its file is the one kernel lock in its standard library. The kernel lets
 * go of it however the process ends, so there is no stale lock and no pid that means another process by now.
 */
export function lockFolder(dataDir: string): FolderLock {
  const lock = new DatabaseSync(join(dataDir, "taskflow.lock"), { timeout: 0 });
  try {
    // Not EXCLUSIVE: that fails for as long as another one so much as looks, and of two starts at once both would be
    // refused.
    lock.exec("BEGIN IMMEDIATE");
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== sqliteBusy) throw error;
    throw new Refusal(`Another TaskFlow uses the data folder ${dataDir}${describe(readHolder(dataDir))}.`);
  }
  const write = (holder: Holder) => writeFileSync(join(dataDir, "running.json"), `${JSON.stringify(holder)}\n`);
  write({ pid: process.pid, address: null });
  return {
    announce: (address) => write({ pid: process.pid, address }),
    release: () => lock.close(),
  };
}

function readHolder(dataDir: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(join(dataDir, "running.json"), "utf8")) as Holder;
    process.kill(holder.pid, 0);
    return holder;
  } catch (error) {
    // Not ours to signal is alive all the same; anything else is a holder that has not written its line yet.
    return (error as NodeJS.ErrnoException).code === "EPERM" ? readAnyHolder(dataDir) : undefined;
  }
}

function readAnyHolder(dataDir: string): Holder {
  return JSON.parse(readFileSync(join(dataDir, "running.json"), "utf8")) as Holder;
}

function describe(holder: Holder | undefined): string {
  if (!holder) return "";
  return ` (pid ${holder.pid}, ${holder.address ?? "still starting"})`;
}

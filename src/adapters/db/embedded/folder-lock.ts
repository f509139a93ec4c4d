import { accessSync, constants, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Refusal } from "../../refusal.ts";
import { exists } from "./server-process.ts";

/** The process that has a data folder, as the next one that wants it reads it. */
interface Holder {
  readonly pid: number;
  readonly address: string | null;
  /** The inode of its lock file: in a copy of the folder this line is about somebody else. */
  readonly lock: string;
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
  const lock = new DatabaseSync(lockFile(dataDir), { timeout: 0 });
  try {
    // Not EXCLUSIVE: that fails for as long as another one so much as looks, and of two starts at once both would be
    // refused.
    lock.exec("BEGIN IMMEDIATE");
    // On a file that it may only read, SQLite begins a transaction that locks nobody out.
    accessSync(lockFile(dataDir), constants.W_OK);
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== sqliteBusy) throw error;
    throw new Refusal(`Another TaskFlow uses the data folder ${dataDir}${describe(readHolder(dataDir))}.`);
  }
  const write = (address: string | null) => {
    const holder: Holder = { pid: process.pid, address, lock: inodeOfLock(dataDir) };
    writeFileSync(join(dataDir, "running.json"), `${JSON.stringify(holder)}\n`);
  };
  write(null);
  return {
    announce: write,
    release: () => lock.close(),
  };
}

/** Nothing when the line is not the holder's: it has not written its own yet, or has died since. */
function readHolder(dataDir: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(join(dataDir, "running.json"), "utf8")) as Holder;
    return holder.lock === inodeOfLock(dataDir) && exists(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function lockFile(dataDir: string): string {
  return join(dataDir, "taskflow.lock");
}

function inodeOfLock(dataDir: string): string {
  return String(statSync(lockFile(dataDir), { bigint: true }).ino);
}

function describe(holder: Holder | undefined): string {
  if (!holder) return "";
  return ` (pid ${holder.pid}, ${holder.address ?? "still starting"})`;
}

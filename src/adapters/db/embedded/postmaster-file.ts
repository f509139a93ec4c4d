import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a server says of itself in `postmaster.pid` (PostgreSQL's `miscadmin.h`, LOCK_FILE_LINE_…). */
export interface PostmasterFile {
  readonly pid: number;
  readonly ready: boolean;
}

/** The file of a cluster's server, running or not; nothing when it was stopped in order. */
export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  try {
    const lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
    const pid = Number(lines[0]);
    if (!(pid > 0)) return undefined;
    return { pid, ready: lines[7]?.trim() === "ready" };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

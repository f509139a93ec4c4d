import { readdirSync, readFileSync } from "node:fs";

/** As Linux's `/proc` has it; empty for a process that has ended. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/**
 * Whether a process runs. One that ended but was not collected by its parent (a container without an init) does not.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || commandLine(pid) !== "";
  } catch {
    return false;
  }
}

/** The pids of a process's children, from Linux's `/proc`. */
export function childrenOf(parent: number): number[] {
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => parentOf(pid) === parent);
}

/**
 * Undefined when it has ended meanwhile. The name of the program, in parentheses, may hold anything (proc_pid_stat(5)).
 */
function parentOf(pid: number): number | undefined {
  try {
    const [, parent] = /\) \S (\d+) [^)]*$/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return Number(parent);
  } catch {
    return undefined;
  }
}

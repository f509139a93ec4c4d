import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { text } from "node:stream/consumers";
import type { Launch } from "./launch.ts";

/**
 * Whether this process is a PostgreSQL server that works in the cluster's folder. A server changes into its data folder
 * and stays there: that holds when the folder was moved under it, and it does not hold for a copy of the folder, whose
 * files name the original's path and pid. Asked as the server's own account: others may not look, not even root in a
 * container.
 */
export async function isServerOf(cluster: string, pid: number, launch: Launch): Promise<boolean> {
  const [program = ""] = (await commandOf(pid, launch)).split(/[\0\n]| -/);
  return basename(program) === "postgres" && (await worksIn(cluster, pid, launch));
}

/** Whether there is such a process; also one of another user, or one that has ended and was not collected yet. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether it has gone, or is dead but not collected yet. */
export async function hasEnded(pid: number, launch: Launch): Promise<boolean> {
  return !exists(pid) || (await commandOf(pid, launch)) === "";
}

async function commandOf(pid: number, launch: Launch): Promise<string> {
  if (process.platform !== "linux") return ask(launch, "ps", ["-o", "command=", "-p", String(pid)]);
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

async function worksIn(cluster: string, pid: number, launch: Launch): Promise<boolean> {
  const { dev, ino } = statSync(cluster, { bigint: true });
  if (process.platform === "linux")
    return (await ask(launch, "stat", ["-L", "-c", "%d:%i", `/proc/${pid}/cwd`])).trim() === `${dev}:${ino}`;
  // lsof(8), as macOS and the BSDs bring it: a line for each field, the inode's begins with an i.
  return (await ask(launch, "lsof", ["-a", "-p", String(pid), "-d", "cwd", "-Fi"])).split("\n").includes(`i${ino}`);
}

/** What a program of the system prints; nothing when it fails or is not there. */
async function ask(launch: Launch, program: string, args: readonly string[]): Promise<string> {
  const child = launch(program, args);
  if (!child.stdout) throw new Error("programs are started with pipes");
  child.stderr?.resume();
  const failed = new Promise<string>((resolve) => child.once("error", () => resolve("")));
  return Promise.race([failed, Promise.all([text(child.stdout), once(child, "close")]).then(([output]) => output)]);
}

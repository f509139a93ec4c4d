import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../../../ports.ts";
import { Refusal } from "../../refusal.ts";
import { readPostmasterFile, type PostmasterFile } from "./postmaster-file.ts";
import { socketPort } from "./socket-folder.ts";

export interface LeftServerDeps {
  readonly cluster: string;
  readonly socketFolder: string;
  readonly log: Logger;
}

const fastStopMs = 20_000;
const immediateStopMs = 10_000;

/**
 * Stops the server that a killed TaskFlow left on its cluster. Called with the folder's lock held, so nobody else's
 * server can be meant. Stopped and started anew rather than adopted: its end must be seen by us, and only a parent sees
 * it.
 */
export async function stopLeftServer({ cluster, socketFolder, log }: LeftServerDeps): Promise<void> {
  const file = readPostmasterFile(cluster);
  if (!file || !exists(file.pid)) return;
  if (isServer(file)) await stopServer(file.pid, cluster, log);
  // PostgreSQL refuses to start while any process has this pid: another program, or a dead server that nobody
  // collected. Its shared memory's key still keeps a second server off the cluster.
  rmSync(join(cluster, "postmaster.pid"), { force: true });
  rmSync(join(socketFolder, `.s.PGSQL.${socketPort}.lock`), { force: true });
}

async function stopServer(pid: number, cluster: string, log: Logger): Promise<void> {
  log.warn({ pid }, "stopping the PostgreSQL server that a killed TaskFlow left running");
  if (await stop(pid, "SIGINT", fastStopMs)) return;
  if (await stop(pid, "SIGQUIT", immediateStopMs)) return;
  throw new Refusal(
    `A PostgreSQL server (pid ${pid}) still runs on ${cluster} and does not stop; stop it and start again.`,
  );
}

async function stop(pid: number, signal: NodeJS.Signals, timeoutMs: number): Promise<boolean> {
  if (exists(pid)) process.kill(pid, signal);
  for (let waited = 0; waited < timeoutMs; waited += 20) {
    if (!exists(pid) || commandOf(pid) === "") return true;
    await sleep(20);
  }
  return false;
}

function isServer({ pid, cluster }: PostmasterFile): boolean {
  const command = commandOf(pid);
  return command.includes("postgres") && command.includes(cluster);
}

/** Nothing for a process that is dead but not collected yet. */
function commandOf(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

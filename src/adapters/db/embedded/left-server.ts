import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../../../ports.ts";
import { Refusal } from "../../refusal.ts";
import { readPostmasterFile, type PostmasterFile } from "./postmaster-file.ts";

const fastStopMs = 20_000;
const immediateStopMs = 10_000;

/**
 * Stops the server that a killed TaskFlow left on its cluster. Called with the folder's lock held, so nobody else's
 * server can be meant. Stopped and started anew rather than adopted: its end must be seen by us, and only a parent sees it.
 */
export async function stopLeftServer(cluster: string, log: Logger): Promise<void> {
  const file = readPostmasterFile(cluster);
  if (!file || !isAlive(file.pid)) return;
  if (!isServer(file)) {
    // The pid is another program's by now. PostgreSQL would take it for a server and refuse; its shared memory key still guards the folder.
    rmSync(join(cluster, "postmaster.pid"));
    return;
  }
  log.warn({ pid: file.pid }, "stopping the PostgreSQL server that a killed TaskFlow left running");
  if (await stop(file.pid, "SIGINT", fastStopMs)) return;
  if (await stop(file.pid, "SIGQUIT", immediateStopMs)) return;
  throw new Refusal(`A PostgreSQL server (pid ${file.pid}) still runs on ${cluster} and does not stop; stop it and start again.`);
}

async function stop(pid: number, signal: NodeJS.Signals, timeoutMs: number): Promise<boolean> {
  process.kill(pid, signal);
  for (let waited = 0; waited < timeoutMs; waited += 20) {
    if (!isAlive(pid)) return true;
    await sleep(20);
  }
  return false;
}

function isServer({ pid, cluster }: PostmasterFile): boolean {
  const command = commandOf(pid);
  return command.includes("postgres") && command.includes(cluster);
}

function commandOf(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

/** A zombie is no server any more: in a container nobody may ever collect it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return process.platform !== "linux" || commandOf(pid) !== "";
}

import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../../../ports.ts";
import { Refusal } from "../../refusal.ts";
import type { Launch } from "./launch.ts";
import { readPostmasterFile } from "./postmaster-file.ts";
import { exists, hasEnded, isServerOf } from "./server-process.ts";
import { socketPort } from "./socket-folder.ts";

export interface LeftServerDeps {
  readonly cluster: string;
  readonly socketFolder: string;
  readonly launch: Launch;
  readonly log: Logger;
}

const fastStopMs = 20_000;
const immediateStopMs = 10_000;

/**
 * Stops the server that a killed TaskFlow left on its cluster. Called with the folder's lock held, so nobody else's
 * server can be meant; one that works in another folder is not, whatever a copied file says. Stopped and started anew
 * rather than adopted: its end must be seen by us, and only a parent sees it.
 */
export async function stopLeftServer({ cluster, socketFolder, launch, log }: LeftServerDeps): Promise<void> {
  const file = readPostmasterFile(cluster);
  if (!file || !exists(file.pid)) return;
  if (await isServerOf(cluster, file.pid, launch)) await stopServer(file.pid, { cluster, launch, log });
  // PostgreSQL refuses to start while any process has this pid: another program, the server of the folder that this
  // one is a copy of, or a dead server that nobody collected. Its shared memory's key still keeps a second server off
  // the cluster.
  rmSync(join(cluster, "postmaster.pid"), { force: true });
  rmSync(join(socketFolder, `.s.PGSQL.${socketPort}.lock`), { force: true });
}

async function stopServer(pid: number, { cluster, launch, log }: Omit<LeftServerDeps, "socketFolder">): Promise<void> {
  log.warn({ pid }, "stopping the PostgreSQL server that a killed TaskFlow left running");
  if (await stop(pid, launch, "SIGINT", fastStopMs)) return;
  if (await stop(pid, launch, "SIGQUIT", immediateStopMs)) return;
  throw new Refusal(
    `A PostgreSQL server (pid ${pid}) still runs on ${cluster} and does not stop; stop it and start again.`,
  );
}

async function stop(pid: number, launch: Launch, signal: NodeJS.Signals, timeoutMs: number): Promise<boolean> {
  if (exists(pid)) process.kill(pid, signal);
  for (let waited = 0; waited < timeoutMs; waited += 20) {
    if (await hasEnded(pid, launch)) return true;
    await sleep(20);
  }
  return false;
}

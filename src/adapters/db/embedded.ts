import { join } from "node:path";
import type { Logger } from "../../ports.ts";
import { openDataFolder } from "../data-folder.ts";
import { findBinaries } from "./embedded/binaries.ts";
import { checkMajor, clusterExists, makeCluster, writeAccessRules } from "./embedded/cluster.ts";
import { lockFolder } from "./embedded/folder-lock.ts";
import { createLaunch } from "./embedded/launch.ts";
import { stopLeftServer } from "./embedded/left-server.ts";
import { chooseAccount, clientNames } from "./embedded/server-account.ts";
import { createServer } from "./embedded/server.ts";
import { makeSocketFolder, removeSocketFolder, socketUrl } from "./embedded/socket-folder.ts";

export interface EmbeddedPostgres {
  /** For `pg`, libpq and Go alike: a Unix socket in the data folder; the kernel says who connects. */
  readonly url: string;
  /** Lets a second start on the folder say where this one answers. */
  announce(address: string): void;
  /** Stops the server and lets go of the folder. Fast shutdown, immediate after `graceMs` (default 5,000). */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts the PostgreSQL server that lives in the data folder, made at the first start; starts it again when it dies.
 * @throws Refusal naming what is in the way: another TaskFlow on the folder, a folder that is not ours, a cluster of
 * another major version, no binary for this platform.
 */
export async function startEmbeddedPostgres(input: { dataDir: string; log: Logger }): Promise<EmbeddedPostgres> {
  const binaries = findBinaries();
  const dataDir = openDataFolder(input.dataDir);
  const lock = lockFolder(dataDir);
  try {
    const cluster = join(dataDir, "postgres");
    if (clusterExists(cluster)) checkMajor(cluster, binaries);
    const account = chooseAccount(cluster);
    const launch = createLaunch(binaries, account, dataDir);
    const socketFolder = makeSocketFolder(dataDir, account);
    if (!clusterExists(cluster)) await makeCluster(cluster, { binaries, launch, account, log: input.log });
    await stopLeftServer({ cluster, socketFolder, launch, log: input.log });
    writeAccessRules(cluster, clientNames(account));
    const server = createServer({ postgres: binaries.postgres, cluster, socketFolder, launch, log: input.log });
    await server.start();
    return {
      url: socketUrl(socketFolder),
      announce: lock.announce,
      async stop(graceMs = 5_000) {
        await server.stop(graceMs);
        removeSocketFolder(socketFolder, dataDir);
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

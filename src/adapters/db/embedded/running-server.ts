import { join, resolve } from "node:path";
import { readPostmasterFile } from "./postmaster-file.ts";
import { socketFolderOf, socketUrl } from "./socket-folder.ts";

/** The URL of the server that a running TaskFlow has on this data folder, for a command beside it. */
export function runningServerUrl(dataDir: string): string | undefined {
  const folder = resolve(dataDir);
  const server = readPostmasterFile(join(folder, "postgres"));
  return server?.ready === true && exists(server.pid) ? socketUrl(socketFolderOf(folder)) : undefined;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

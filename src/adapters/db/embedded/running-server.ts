import { once } from "node:events";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { readPostmasterFile } from "./postmaster-file.ts";
import { socketFolderOf, socketPort, socketUrl } from "./socket-folder.ts";

/**
 * The URL of the server that a running TaskFlow has on this data folder, for a command beside it. Found by its socket,
 * which only a server of this folder answers on: the files may be copies that name another folder's server.
 */
export async function runningServerUrl(dataDir: string): Promise<string | undefined> {
  const data = resolve(dataDir);
  if (readPostmasterFile(join(data, "postgres"))?.ready !== true) return undefined;
  const folder = socketFolderOf(data);
  return (await answers(join(folder, `.s.PGSQL.${socketPort}`))) ? socketUrl(folder) : undefined;
}

async function answers(socketPath: string): Promise<boolean> {
  const socket = connect(socketPath);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

import { createHash } from "node:crypto";
import { chmodSync, chownSync, lstatSync, mkdirSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "../../refusal.ts";
import type { ServerAccount } from "./server-account.ts";

/** The part of the socket's name after its folder; the number is only a name, no port is opened. */
export const socketPort = 5432;

/** sockaddr_un.sun_path: 108 bytes on Linux, 104 on macOS, with the closing NUL. */
const longestPath = 103;

/**
 * The folder of the server's socket, closed to other users: `run` in the data folder, or one below the system's
 * temporary folder when that path is too long for a socket.
 */
export function makeSocketFolder(dataDir: string, account: ServerAccount | undefined): string {
  const folder = socketFolderOf(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const owner = lstatSync(folder);
  const expected = [process.getuid?.(), account?.uid];
  // Anyone may make a folder of this name below the temporary folder before us.
  if (!owner.isDirectory() || !expected.includes(owner.uid))
    throw new Refusal(
      `The folder ${folder} for PostgreSQL's socket belongs to someone else; remove it or use a shorter TASKFLOW_DATA_DIR.`,
    );
  if (account) chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o700);
  return folder;
}

/** Takes a folder below the temporary one away again, once its server is stopped. */
export function removeSocketFolder(folder: string, dataDir: string): void {
  if (folder !== nearFolder(dataDir)) rmdirSync(folder);
}

function nearFolder(dataDir: string): string {
  return join(dataDir, "run");
}

/** Where the socket of this data folder's server is, whether it runs or not. */
export function socketFolderOf(dataDir: string): string {
  const near = nearFolder(dataDir);
  if (Buffer.byteLength(join(near, `.s.PGSQL.${socketPort}`)) <= longestPath) return near;
  const name = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  return join(tmpdir(), `taskflow-${name}`);
}

/** The URL that `pg`, libpq and Go's drivers all read. */
export function socketUrl(folder: string): string {
  return `postgresql:///taskflow?${new URLSearchParams({ host: folder, port: String(socketPort), user: "taskflow" })}`;
}

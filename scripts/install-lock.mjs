// One installs, the others wait. Plain JavaScript without packages, like bootstrap.mjs.
import { createHash } from "node:crypto";
import { closeSync, constants, openSync, realpathSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MS = 250;
/** open(2) of macOS and the BSDs: with a lock of flock(2). Linux has no such flag. */
const O_EXLOCK = 0x20;

/**
 * Waits until this process alone has the lock of a folder. The lock is the kernel's: it goes when its holder ends,
 * however it ends. `inherit` is for the stdio of a child, which then holds it too: packages are not installed twice
 * at once when the first one's parent is killed.
 */
export async function lockInstall(folder, onWait) {
  const name = `taskflow-install-${createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 32)}`;
  const take = process.platform === "linux" || process.platform === "win32" ? listen : openLocked;
  for (let waited = false; ; waited = true) {
    const lock = await take(name);
    if (lock) return lock;
    if (!waited) onWait();
    await sleep(LOOK_MS);
  }
}

/** A name that one process at a time may listen on, and no file: Linux's abstract sockets, Windows' pipes. */
function listen(name) {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(undefined) : reject(error)));
    server.listen(process.platform === "win32" ? `\\\\.\\pipe\\${name}` : `\0${name}`, () =>
      // Node has no public name for a server's descriptor; where there is none the lock is this process's alone.
      resolve({ inherit: [server._handle?.fd].filter((fd) => fd > 0), release: () => server.close() }),
    );
  });
}

async function openLocked(name) {
  try {
    const file = openSync(
      join(tmpdir(), `${name}.lock`),
      constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK,
      0o600,
    );
    return { inherit: [file], release: () => closeSync(file) };
  } catch (error) {
    if (error.code === "EAGAIN") return undefined;
    throw error;
  }
}

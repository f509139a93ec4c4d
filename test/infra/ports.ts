import { createServer } from "node:net";

/** Ports below the range that the kernel lends to outgoing connections: a server that is away for a moment gets its port back. */
const LOWEST = 12_000;
const HIGHEST = 30_000;
const ATTEMPTS = 100;

const handedOut = new Set<number>();

/** A free TCP port on 127.0.0.1, never the same twice in one process. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST} in ${ATTEMPTS} attempts`);
}

/** Keeps a port that was chosen otherwise from being handed out before someone listens on it; answers it. */
export function reservePort(port: number): number {
  handedOut.add(port);
  return port;
}

/** Whether nothing listens on this port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

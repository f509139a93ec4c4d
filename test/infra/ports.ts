import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/**
 * Ports below the range that the kernel lends to outgoing connections: a server that is away for a moment gets its port
 * back.
 */
const LOWEST = 12_000;
const HIGHEST = 30_000;
const ATTEMPTS = 100;

/** A free TCP port on 127.0.0.1, for this process and what it starts: no other one is given it while this one lives. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/** So many free ports in a row. */
export async function freePorts(count: number): Promise<readonly number[]> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const first = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const ports = Array.from({ length: count }, (_none, index) => first + index);
    if ((await areAll(ports, reservePort)) && (await areAll(ports, isFree))) return ports;
  }
  throw new Error(`no ${count} free ports between ${LOWEST} and ${HIGHEST} in ${ATTEMPTS} attempts`);
}

/**
 * Keeps a port from being handed out, to whichever process of the tests, until this one ends; false when it is kept
 * already. By a socket of UDP, which is in the way of nobody who listens by TCP, and which the kernel takes back
 * however a process ends.
 */
export function reservePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: "127.0.0.1", exclusive: true }, () => {
      socket.unref();
      resolve(true);
    });
  });
}

/**
 * Whether nothing listens on this port of 127.0.0.1. Who has not reserved it would be in the way of who has, for a
 * moment.
 */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

async function areAll(ports: readonly number[], hold: (port: number) => Promise<boolean>): Promise<boolean> {
  for (const port of ports) if (!(await hold(port))) return false;
  return true;
}

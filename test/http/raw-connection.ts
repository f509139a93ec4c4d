import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** One TCP connection to a server, for requests that no HTTP client would send. */
export interface RawConnection {
  readonly socket: Socket;
  send(text: string): void;
  /** Begins to read, where that was left for later. */
  read(): void;
  /** What was answered so far. */
  answered(): string;
  /** Everything that is answered until the server ends the connection. */
  ended(): Promise<string>;
}

export const openConnection = async (url: string, { reads = true } = {}): Promise<RawConnection> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve) => {
    socket.on("close", () => resolve());
    socket.on("error", () => undefined);
  });
  const read = (): void => void socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  if (reads) read();
  const answered = (): string => Buffer.concat(chunks).toString("latin1");
  return {
    socket,
    send: (text) => void socket.write(text),
    read,
    answered,
    ended: async () => {
      await ended;
      return answered();
    },
  };
};

export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;

export const countOf = (text: string, pattern: RegExp): number => text.match(new RegExp(pattern, "g"))?.length ?? 0;

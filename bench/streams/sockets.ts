import { once } from "node:events";
import { connect, type Socket } from "node:net";

/**
 * Connects; the source address varies, since one pair of addresses has only some 28,000 ports (and keeps closed ones a
 * minute).
 */
const dial = async (url: URL, index: number): Promise<Socket> => {
  const source = process.platform === "linux" ? { localAddress: `127.0.0.${2 + (index % 8)}` } : {};
  const socket = connect({ host: url.hostname, port: Number(url.port), ...source });
  await once(socket, "connect");
  return socket;
};

/** One open stream, read as bytes: 10,000 parsers in this process would measure the parsers. */
export interface RawStream {
  readonly socket: Socket;
  /** Called with each chunk of the body. */
  onChunk: ((chunk: Buffer) => void) | undefined;
}

const open = async (url: URL, path: string, token: string, index: number): Promise<RawStream> => {
  const socket = await dial(url, index);
  const stream: RawStream = { socket, onChunk: undefined };
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
  let head = "";
  while (!head.includes("\n\r\n") || !head.includes("\n\n")) {
    head += String(((await once(socket, "data")) as [Buffer])[0]);
    if (head.startsWith("HTTP/1.1") && !head.startsWith("HTTP/1.1 200")) throw new Error(head);
  }
  socket.on("data", (chunk: Buffer) => stream.onChunk?.(chunk));
  return stream;
};

const AT_ONCE = 64;

/** Opens a stream for each token, and waits until each has said hello. */
export const openAll = async (
  address: string,
  path: string,
  tokens: readonly string[],
): Promise<readonly RawStream[]> => {
  const url = new URL(address);
  const streams: RawStream[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < tokens.length; index = next++)
      streams.push(await open(url, path, tokens[index] ?? "", index));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return streams;
};

export const closeAll = (streams: readonly RawStream[]): void => {
  for (const { socket } of streams) socket.destroy();
};

/** Resolves with the milliseconds until every stream has got a chunk with `text`, from now on. */
export const reachAll = (streams: readonly RawStream[], text: string): Promise<number> => {
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<number>();
  let left = streams.length;
  for (const stream of streams) {
    stream.onChunk = (chunk) => {
      if (!chunk.includes(text)) return;
      stream.onChunk = undefined;
      if ((left -= 1) === 0) resolve(performance.now() - started);
    };
  }
  return promise;
};

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { LineStore } from "../ports.ts";

/** Lines are handed to the compressor in pieces of about this size. */
const PIECE = 64 * 1024;

/** A LineStore in a folder, which is made when the first file is. */
export const createLineFolder = (folder: string): LineStore => {
  const pathOf = (name: string): string => join(folder, name);

  const checksum = async (name: string): Promise<string | undefined> => {
    const digest = createHash("sha256");
    try {
      for await (const piece of createReadStream(pathOf(name))) digest.update(piece as Buffer);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    return digest.digest("hex");
  };

  return {
    checksum,
    async write(name, lines) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = pathOf(`${name}.unfinished`);
      try {
        const written = await writeFile(draft, pieces(lines), name.endsWith(".gz"));
        await rename(draft, pathOf(name));
        await syncFolder(folder);
        return written;
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    async append(name, lines) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(pathOf(name), "a", 0o600);
      try {
        await file.appendFile(lines.map((line) => `${line}\n`).join(""));
        await file.sync();
        return (await file.stat()).size;
      } finally {
        await file.close();
      }
    },
    async *read(name) {
      const stored = createReadStream(pathOf(name));
      const plain = name.endsWith(".gz") ? createGunzip() : new PassThrough();
      stored.on("error", (error) => plain.destroy(error)).pipe(plain);
      try {
        yield* linesOf(plain);
      } catch (error) {
        if (!isMissing(error)) throw error;
      } finally {
        stored.destroy();
        plain.destroy();
      }
    },
    remove: (name) => rm(pathOf(name), { force: true }),
  };
};

const writeFile = async (
  path: string,
  source: AsyncIterable<Buffer>,
  compressed: boolean,
): Promise<{ bytes: number; sha256: string }> => {
  const digest = createHash("sha256");
  let bytes = 0;
  const file = await open(path, "w", 0o600);
  try {
    await pipeline(
      Readable.from(source, { objectMode: false }),
      compressed ? createGzip() : new PassThrough(),
      async (stored: AsyncIterable<Buffer>) => {
        for await (const piece of stored) {
          digest.update(piece);
          bytes += piece.length;
          await file.appendFile(piece);
        }
      },
    );
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: digest.digest("hex") };
};

async function* pieces(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Buffer> {
  let piece = "";
  for await (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  if (piece !== "") yield Buffer.from(piece);
}

/**
 * Not `node:readline`: it does not hand on the errors of what it reads, so a broken file would look like a short one.
 */
async function* linesOf(plain: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const piece of plain) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";

/** The new name itself is on the disk only when its folder is. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

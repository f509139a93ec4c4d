import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { Refusal } from "../refusal.ts";
import { isSealed, open as unseal, seal } from "./seal.ts";

/*
 * A backup is one file of lines, compressed, and sealed when there is a passphrase. A line is a letter, a space, and one
 * value of JSON; the last line has the number and the digest of all before it. What has no such end is not whole.
 */

export type LineKind = "header" | "table" | "row" | "sequence" | "file" | "data";
const letters: Readonly<Record<LineKind, string>> = {
  header: "H",
  table: "T",
  row: "R",
  sequence: "S",
  file: "F",
  data: "D",
};
const kinds = new Map(Object.entries(letters).map(([kind, letter]) => [letter, kind as LineKind]));
const END = "Z";

export interface Line {
  readonly kind: LineKind;
  /** JSON. */
  readonly json: string;
}

const PIECE = 64 * 1024;
const HEAD_BYTES = 32;

/** Writes a backup whole or not at all: under another name, on the disk, and then by its name. */
export async function writeArchive(
  path: string,
  lines: AsyncIterable<Line>,
  passphrase: string | undefined,
): Promise<number> {
  const draft = `${path}.unfinished`;
  try {
    const file = await open(draft, "w", 0o600);
    let bytes = 0;
    try {
      const compressed = Readable.from(textOf(lines), { objectMode: false }).compose(createGzip()) as Readable;
      for await (const piece of passphrase === undefined ? compressed : seal(compressed, passphrase)) {
        await file.appendFile(piece as Buffer);
        bytes += (piece as Buffer).length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    await syncFolder(dirname(path));
    return bytes;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** @throws Refusal when the file is none, not whole, changed, or its passphrase another one. */
export async function* readArchive(path: string, passphrase: string | undefined): AsyncGenerator<Line> {
  const digest = createHash("sha256");
  let count = 0;
  let ended = false;
  for await (const text of textLines(await openPlain(path, passphrase))) {
    if (ended) throw damaged(path);
    if (text.startsWith(`${END} `)) {
      const end = JSON.parse(text.slice(2)) as { lines: number; sha256: string };
      if (end.lines !== count || end.sha256 !== digest.digest("hex")) throw damaged(path);
      ended = true;
      continue;
    }
    digest.update(text).update("\n");
    count += 1;
    const kind = kinds.get(text[0] ?? "");
    if (kind === undefined || text[1] !== " ") throw damaged(path);
    yield { kind, json: text.slice(2) };
  }
  if (!ended) throw damaged(path);
}

async function* textOf(lines: AsyncIterable<Line>): AsyncGenerator<Buffer> {
  const digest = createHash("sha256");
  let count = 0;
  let piece = "";
  for await (const { kind, json } of lines) {
    piece += `${letters[kind]} ${json}\n`;
    count += 1;
    if (piece.length < PIECE) continue;
    digest.update(piece);
    yield Buffer.from(piece);
    piece = "";
  }
  digest.update(piece);
  yield Buffer.from(`${piece}${END} ${JSON.stringify({ lines: count, sha256: digest.digest("hex") })}\n`);
}

async function openPlain(path: string, passphrase: string | undefined): Promise<AsyncIterable<Buffer>> {
  const start = await headOf(path);
  const stored = createReadStream(path) as AsyncIterable<Buffer>;
  const sealed = isSealed(start);
  if (sealed && passphrase === undefined)
    throw new Refusal(`${path} is sealed; give its passphrase in TASKFLOW_BACKUP_PASSPHRASE.`);
  const compressed = sealed ? unseal(stored, passphrase ?? "") : stored;
  return readThrough(compressed, path);
}

/** What gunzip refuses is a damaged file; what unsealing refuses says so itself. */
async function* readThrough(compressed: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const fed = pipeline(compressed, gunzip);
  fed.catch(() => undefined);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
    await fed;
  } catch (error) {
    await fed.catch((cause: unknown) => {
      if (cause instanceof Refusal) throw cause;
    });
    throw error instanceof Refusal ? error : damaged(path, error);
  }
}

async function headOf(path: string): Promise<Buffer> {
  try {
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new Refusal(`The backup ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"}).`);
  }
}

async function* textLines(plain: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const piece of plain) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

const damaged = (path: string, cause?: unknown): Refusal =>
  new Refusal(`The backup ${path} is not whole: it was cut off or changed; take another one.`, { cause });

/** The new name itself is on the disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

import { createCipheriv, createDecipheriv, createHmac, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import { Refusal } from "../refusal.ts";

/*
 * A sealed file: magic, salt, a check of the key, then frames of at most 64 KiB, each encrypted by AES-256-GCM. The nonce counts the frames
 * and marks the last one (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár), so that frames can be
 * neither cut off nor reordered unnoticed.
 */

const MAGIC = Buffer.from("TASKFLOW-SEALED-1\n");
const SALT_BYTES = 16;
const CHECK_BYTES = 16;
const TAG_BYTES = 16;
const LENGTH_BYTES = 4;
const FRAME_BYTES = 64 * 1024;
/** 64 MiB of memory and about 0.2 s for a guess. */
const SCRYPT = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 } as const;

type Bytes = AsyncIterable<Buffer>;

/** Whether a file that begins like this was sealed with a passphrase. */
export const isSealed = (start: Buffer): boolean => start.subarray(0, MAGIC.length).equals(MAGIC);

/** Encrypts a stream with a passphrase. */
export async function* seal(plain: Bytes, passphrase: string): AsyncGenerator<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const key = keyOf(passphrase, salt);
  yield Buffer.concat([MAGIC, salt, checkOf(key)]);
  let frame = 0;
  for await (const { bytes, last } of inFrames(plain)) {
    const cipher = createCipheriv("aes-256-gcm", key, nonceOf(frame, last));
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(sealed.length);
    yield Buffer.concat([length, sealed]);
    frame += 1;
  }
}

/** @throws Refusal when the passphrase is another one, or the file was damaged or cut off. */
export async function* open(sealed: Bytes, passphrase: string): AsyncGenerator<Buffer> {
  const reader = createReader(sealed);
  const head = await reader.take(MAGIC.length + SALT_BYTES + CHECK_BYTES);
  if (head === undefined) throw damaged();
  const key = keyOf(passphrase, head.subarray(MAGIC.length, MAGIC.length + SALT_BYTES));
  if (!timingSafeEqual(checkOf(key), head.subarray(-CHECK_BYTES)))
    throw new Refusal("The passphrase in TASKFLOW_BACKUP_PASSPHRASE is not the one this backup was made with.");
  for (let frame = 0; ; frame += 1) {
    const length = await reader.take(LENGTH_BYTES);
    const body = length && (await reader.take(Math.min(length.readUInt32BE(), FRAME_BYTES + TAG_BYTES)));
    if (body === undefined) throw damaged();
    const last = await reader.atEnd();
    yield decrypt(body, { key, frame, last });
    if (last) return;
  }
}

function decrypt(body: Buffer, { key, frame, last }: { key: Buffer; frame: number; last: boolean }): Buffer {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(frame, last));
    decipher.setAuthTag(body.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw damaged();
  }
}

const damaged = (): Refusal => new Refusal("The backup was damaged or cut off; take another one.");

function checkOf(key: Buffer): Buffer {
  return createHmac("sha256", key).update("taskflow backup key").digest().subarray(0, CHECK_BYTES);
}

function keyOf(passphrase: string, salt: Buffer): Buffer {
  return scryptSync(passphrase.normalize("NFKC"), salt, 32, SCRYPT);
}

function nonceOf(frame: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(frame, 7);
  nonce.writeUInt8(last ? 1 : 0, 11);
  return nonce;
}

async function* inFrames(plain: Bytes): AsyncGenerator<{ bytes: Buffer; last: boolean }> {
  const reader = createReader(plain);
  for (;;) {
    const bytes = await reader.takeUpTo(FRAME_BYTES);
    const last = await reader.atEnd();
    yield { bytes, last };
    if (last) return;
  }
}

/** Reads a stream in pieces of a wanted size. */
function createReader(source: Bytes) {
  const pieces = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let ended = false;
  const fill = async (bytes: number): Promise<void> => {
    const parts = [held];
    let length = held.length;
    while (length < bytes && !ended) {
      const { value, done } = await pieces.next();
      if (done === true) ended = true;
      else {
        parts.push(value);
        length += value.length;
      }
    }
    held = parts.length === 1 ? held : Buffer.concat(parts);
  };
  const cut = (bytes: number): Buffer => {
    const taken = held.subarray(0, bytes);
    held = held.subarray(bytes);
    return taken;
  };
  return {
    async takeUpTo(bytes: number): Promise<Buffer> {
      await fill(bytes);
      return cut(bytes);
    },
    async take(bytes: number): Promise<Buffer | undefined> {
      await fill(bytes);
      return held.length < bytes ? undefined : cut(bytes);
    },
    async atEnd(): Promise<boolean> {
      await fill(1);
      return held.length === 0;
    },
  };
}

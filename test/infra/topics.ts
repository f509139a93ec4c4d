import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { waitFor } from "./process.ts";

export interface Topic {
  readonly name: string;
  readonly partitions: number;
  readonly retentionHours: number;
}

/** The list that ships: what `deploy/topics/create.sh` creates too. */
export const TOPICS_FILE = join(import.meta.dirname, "../../deploy/topics/topics.txt");

export function readTopics(file = TOPICS_FILE): Topic[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s+/))
    .map(([name = "", partitions, hours]) => ({ name, partitions: Number(partitions), retentionHours: Number(hours) }));
}

const CREATE_TOPICS = 19;
/** The oldest version that Kafka 4 speaks, and the newest without compact encodings (KIP-482). */
const CREATE_VERSION = 4;
const ALREADY_EXISTS = 36;
const LIST_OFFSETS = 2;
const OFFSETS_VERSION = 2;
const NEWEST = -1n;
const TIMEOUT_MS = 60_000;

/**
 * Creates the topics that are not there yet by one request of Kafka's protocol: Kafka's own command starts a JVM for
 * each topic, which is most of the time that a test waits for its broker. Throws what the broker says of a topic.
 * Answers when every partition can be published to: the broker says that a topic is made, and who leads it, before it
 * leads it.
 */
export async function createTopics(port: number, topics: readonly Topic[]): Promise<void> {
  for (const { name, code, message } of results(await exchange(port, createRequest(topics)))) {
    if (code !== 0 && code !== ALREADY_EXISTS) throw new Error(`Kafka refused topic ${name}: error ${code} ${message}`);
  }
  await waitFor(async () => areLed(await exchange(port, offsetsRequest(topics))), {
    what: "the broker to lead its topics",
  });
}

function header(key: number, version: number): Buffer {
  return Buffer.concat([int16(key), int16(version), int32(0), string("taskflow")]);
}

function createRequest(topics: readonly Topic[]): Buffer {
  return Buffer.concat([
    header(CREATE_TOPICS, CREATE_VERSION),
    array(topics.map(topicRequest)),
    int32(TIMEOUT_MS),
    Buffer.from([0]),
  ]);
}

/**
 * Its name, partitions, the broker's replication factor, no assignment of replicas by hand, and how long it is kept.
 */
function topicRequest({ name, partitions, retentionHours }: Topic): Buffer {
  const retention = Buffer.concat([string("retention.ms"), string(`${retentionHours * 3_600_000}`)]);
  return Buffer.concat([string(name), int32(partitions), int16(-1), array([]), array([retention])]);
}

/** The newest offset of each partition, which only its leader tells. By no replica, and whatever is committed. */
function offsetsRequest(topics: readonly Topic[]): Buffer {
  const partition = (index: number): Buffer => Buffer.concat([int32(index), int64(NEWEST)]);
  const asked = topics.map(({ name, partitions }) =>
    Buffer.concat([string(name), array(Array.from({ length: partitions }, (_, index) => partition(index)))]),
  );
  return Buffer.concat([header(LIST_OFFSETS, OFFSETS_VERSION), int32(-1), Buffer.from([0]), array(asked)]);
}

/** Reads an answer behind its correlation id and throttle time. */
function reader(answer: Buffer) {
  let at = 8;
  const short = (): number => answer.readInt16BE((at += 2) - 2);
  const int = (): number => answer.readInt32BE((at += 4) - 4);
  const long = (): bigint => answer.readBigInt64BE((at += 8) - 8);
  const text = (): string => {
    const length = Math.max(0, short());
    return answer.toString("utf8", at, (at += length));
  };
  const list = <T>(item: () => T): T[] => Array.from({ length: int() }, item);
  return { short, int, long, text, list };
}

/** Name, error code and message of each topic. */
function results(answer: Buffer): { name: string; code: number; message: string }[] {
  const { short, text, list } = reader(answer);
  return list(() => ({ name: text(), code: short(), message: text() }));
}

/** Whether the offset of every partition was told without an error. */
function areLed(answer: Buffer): boolean {
  const { short, int, long, text, list } = reader(answer);
  const topics = list(() => ({
    name: text(),
    partitions: list(() => ({ index: int(), code: short(), timestamp: long(), offset: long() })),
  }));
  return topics.every(({ partitions }) => partitions.every(({ code }) => code === 0));
}

function exchange(port: number, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.concat([int32(message.length), message])));
    socket.setTimeout(TIMEOUT_MS, () =>
      socket.destroy(new Error(`Kafka on port ${port} answered nothing for ${TIMEOUT_MS} ms`)),
    );
    socket.once("error", reject);
    socket.once("close", () => reject(new Error(`Kafka on port ${port} closed the connection`)));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      resolve(received.subarray(4));
      socket.destroy();
    });
  });
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

function string(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([int16(bytes.length), bytes]);
}

function array(items: readonly Buffer[]): Buffer {
  return Buffer.concat([int32(items.length), ...items]);
}

import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

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
const VERSION = 4;
const ALREADY_EXISTS = 36;
const TIMEOUT_MS = 20_000;

/**
 * Creates the topics that are not there yet by one request of Kafka's protocol: Kafka's own command starts a JVM for each topic,
 * which is most of the time that a test waits for its broker. Throws what the broker says of a topic.
 */
export async function createTopics(port: number, topics: readonly Topic[]): Promise<void> {
  const answer = await exchange(port, request(topics));
  for (const { name, code, message } of results(answer)) {
    if (code !== 0 && code !== ALREADY_EXISTS) throw new Error(`Kafka refused topic ${name}: error ${code} ${message}`);
  }
}

function request(topics: readonly Topic[]): Buffer {
  const header = Buffer.concat([int16(CREATE_TOPICS), int16(VERSION), int32(0), string("taskflow")]);
  return Buffer.concat([header, array(topics.map(topicRequest)), int32(TIMEOUT_MS), Buffer.from([0])]);
}

/** Its name, partitions, the broker's replication factor, no assignment of replicas by hand, and how long it is kept. */
function topicRequest({ name, partitions, retentionHours }: Topic): Buffer {
  const retention = Buffer.concat([string("retention.ms"), string(`${retentionHours * 3_600_000}`)]);
  return Buffer.concat([string(name), int32(partitions), int16(-1), array([]), array([retention])]);
}

/** Behind the correlation id and the throttle time: name, error code and message of each topic. */
function results(answer: Buffer): { name: string; code: number; message: string }[] {
  let at = 8;
  const short = () => answer.readInt16BE((at += 2) - 2);
  const text = () => {
    const length = Math.max(0, short());
    return answer.toString("utf8", at, (at += length));
  };
  const count = answer.readInt32BE((at += 4) - 4);
  return Array.from({ length: count }, () => ({ name: text(), code: short(), message: text() }));
}

function exchange(port: number, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.concat([int32(message.length), message])));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`Kafka on port ${port} answered nothing for ${TIMEOUT_MS} ms`)));
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

function string(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([int16(bytes.length), bytes]);
}

function array(items: readonly Buffer[]): Buffer {
  return Buffer.concat([int32(items.length), ...items]);
}

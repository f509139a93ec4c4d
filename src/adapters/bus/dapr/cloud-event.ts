import { type CloudEvent, type TaskFlowEvent, topics } from "../../../contract/event.ts";
import type { DeadLetter } from "../../../ports.ts";

/** A dead letter before it is stored. */
export type Letter = Pick<DeadLetter, "consumer" | "event" | "reason" | "attempts">;

/** The `type` of a dead letter that a consumer wrote, as against one that its sidecar gave up on. */
export const deadLetterType = "taskflow.dead-letter";

/** CloudEvents 1.0 in structured JSON mode. */
export const cloudEventOf = (event: TaskFlowEvent, source: string): CloudEvent => ({
  specversion: "1.0",
  id: event.event_id,
  source,
  type: event.event_type,
  subject: event.task_id,
  time: event.timestamp,
  datacontenttype: "application/json",
  data: event,
});

/** A dead letter on its way to its topic. */
export const cloudLetterOf = (letter: Letter, { id, now }: { readonly id: string; readonly now: number }) => ({
  specversion: "1.0",
  id,
  source: letter.consumer,
  type: deadLetterType,
  time: new Date(now).toISOString(),
  datacontenttype: "application/json",
  data: letter,
});

export const topicOf = (event: TaskFlowEvent): string => topics[event.event_type];

export const deadLetterTopicOf = (consumer: string): string => `taskflow.dead-letters.${consumer}`;

/** An event that a sidecar posted: the envelope's type and its data. What is no envelope is its own data. */
export interface Posted {
  readonly type: string | undefined;
  readonly data: unknown;
}

/** One event of a delivery of several (Dapr's bulk subscribe). */
export interface BulkEntry {
  readonly entryId: string;
  readonly posted: Posted;
}

/** A body as JSON; what is none is a text. */
export const parseBody = (body: string): unknown => {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
};

/**
 * Reads an envelope. A raw subscription wraps what lay on the topic as base64 (CloudEvents JSON format §3.1.1), and
 * what lay there is mostly an envelope itself.
 */
export const readPosted = (envelope: unknown): Posted => {
  if (!isRecord(envelope)) return { type: undefined, data: envelope };
  if (typeof envelope["data_base64"] === "string")
    return readPosted(parseBody(Buffer.from(envelope["data_base64"], "base64").toString("utf8")));
  if (!("data" in envelope)) return { type: undefined, data: envelope };
  return { type: typeof envelope["type"] === "string" ? envelope["type"] : undefined, data: envelope["data"] };
};

/** The events of a delivery of several; undefined for any other. */
export const readBulk = (envelope: unknown): readonly BulkEntry[] | undefined => {
  if (!isRecord(envelope) || envelope["type"] !== "com.dapr.event.sent.bulk" || !Array.isArray(envelope["entries"]))
    return undefined;
  return (envelope["entries"] as readonly unknown[])
    .filter(isBulkItem)
    .map(({ entryId, event }) => ({ entryId, posted: readPosted(event) }));
};

const isBulkItem = (item: unknown): item is { readonly entryId: string; readonly event: unknown } =>
  isRecord(item) && typeof item["entryId"] === "string" && "event" in item;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

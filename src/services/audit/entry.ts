import type { Changes, TaskFlowEvent } from "../../contract/event.ts";
import { canonicalJson } from "../../domain/audit/canonical-json.ts";

/** An event as the history keeps it, before it has its place in the chain. */
export interface Entry {
  readonly user_id: string;
  readonly sequence: number;
  /** RFC 3339 in UTC with milliseconds. */
  readonly timestamp: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly task_id: string;
  readonly task_version: number;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly correlation_id: string;
  readonly task_title: string;
  readonly changes: Changes;
}

export const entryOf = (event: TaskFlowEvent): Entry => ({
  user_id: event.user_id,
  sequence: event.sequence,
  timestamp: event.timestamp,
  event_id: event.event_id,
  event_type: event.event_type,
  task_id: event.task_id,
  task_version: event.task.version,
  actor_kind: event.actor_kind,
  actor_id: event.actor_id,
  correlation_id: event.correlation_id,
  task_title: event.task.title,
  changes: event.changes,
});

/** What can be erased: the words of the user. Canonical JSON. */
export const contentOf = ({ task_title, changes }: Pick<Entry, "task_title" | "changes">): string =>
  canonicalJson({ changes, title: task_title });

/**
 * What stays for ever, with the digest (hex) of the content. Canonical JSON: the statement that verifies makes the very
 * same text.
 */
export const metadataOf = (entry: Omit<Entry, "task_title" | "changes">, digest: string): string =>
  canonicalJson({
    actor_id: entry.actor_id,
    actor_kind: entry.actor_kind,
    content: digest,
    correlation_id: entry.correlation_id,
    event_id: entry.event_id,
    event_type: entry.event_type,
    sequence: entry.sequence,
    task_id: entry.task_id,
    task_version: entry.task_version,
    timestamp: entry.timestamp,
    user_id: entry.user_id,
  });

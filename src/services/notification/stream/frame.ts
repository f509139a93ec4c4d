import type { TaskFlowEvent } from "../../../contract/event.ts";
import type { CoalescedNotifications, InboxChanged } from "../../../contract/notification.ts";

/** One frame, in the form of each transport. It is made once for all streams that get it. */
export interface Frame {
  /**
   * A server-sent event (HTML Living Standard). `data` is JSON and JSON has no raw line breaks, so one `data:` line is
   * always enough. Without an `id:` the reader's cursor stays.
   */
  readonly serverSent: Buffer;
  /** The text of a WebSocket message, `{"id", "event", "data"}`; no `id` where the cursor stays. */
  readonly message: Buffer;
}

const frame = (id: number | undefined, event: string, json: string): Frame => {
  let serverSent: Buffer | undefined;
  let message: Buffer | undefined;
  return {
    get serverSent() {
      return (serverSent ??= Buffer.from(`${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${json}\n\n`));
    },
    get message() {
      return (message ??= Buffer.from(`{${id === undefined ? "" : `"id":${id},`}"event":"${event}","data":${json}}`));
    },
  };
};

export const eventFrame = (event: TaskFlowEvent): Frame =>
  frame(event.sequence, event.event_type, JSON.stringify(event));

/** Where a stream without a cursor begins: everything after `sequence` will follow. */
export const helloFrame = (sequence: number): Frame => frame(sequence, "hello", JSON.stringify({ sequence }));

/** What the client has not seen is no longer kept: it loads everything anew and goes on from `sequence`. */
export const resyncFrame = (sequence: number): Frame => frame(sequence, "resync", JSON.stringify({ sequence }));

/** A notification, as JSON already. */
export const notificationFrame = (json: string): Frame => frame(undefined, "notification", json);

export const coalescedFrame = (coalesced: CoalescedNotifications): Frame =>
  frame(undefined, "coalesced", JSON.stringify(coalesced));

export const inboxFrame = (changed: InboxChanged): Frame => frame(undefined, "inbox", JSON.stringify(changed));

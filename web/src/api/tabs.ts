import type { ListName } from "./database.ts";
import type { InboxMessage } from "./inbox-store.ts";
import type { Operation, Refusal } from "./operation.ts";
import type { News } from "./replica.ts";
import type { Connection } from "./tasks-store.ts";
import type { TextNews } from "./texts.ts";

/** A change of what is known: applied by the tab where it happens, and by all the others. */
export type StateMessage =
  | { readonly kind: "news"; readonly news: News }
  | { readonly kind: "queued"; readonly operation: Operation }
  | { readonly kind: "settled"; readonly operationId: string; readonly news: News }
  | { readonly kind: "refused"; readonly operationId: string; readonly refusal: Refusal }
  | { readonly kind: "text"; readonly operation: Operation; readonly news: TextNews }
  | { readonly kind: "loaded"; readonly list: ListName }
  | { readonly kind: "restarted"; readonly sequence: number }
  | { readonly kind: "connection"; readonly connection: Connection };

/** What the tabs of one browser tell each other. */
export type TabMessage = StateMessage | InboxMessage | { readonly kind: "who-is-connected" };

export interface Tabs {
  tell(message: TabMessage): void;
  close(): void;
}

/** Joins the tabs of one user in this browser; `hear` gets what the others tell, never one's own words. */
export const joinTabs = (userId: string, hear: (message: TabMessage) => void): Tabs => {
  const channel = new BroadcastChannel(`taskflow.${userId}`);
  channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => hear(data));
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target origin; it stays within ours
    tell: (message) => channel.postMessage(message),
    close: () => channel.close(),
  };
};

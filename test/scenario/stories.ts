import { apiTokens } from "./stories/api-tokens.ts";
import { bulkChange } from "./stories/bulk-change.ts";
import { notification } from "./stories/notification.ts";
import { offlineClient } from "./stories/offline-client.ts";
import { recurringTask } from "./stories/recurring-task.ts";
import { reminder } from "./stories/reminder.ts";
import { secondScreen } from "./stories/second-screen.ts";
import { twoUsers } from "./stories/two-users.ts";
import { zoneMove } from "./stories/zone-move.ts";
import type { Story } from "./story.ts";

/** Every story is told to both shapes: what works in one only is not done. */
export const stories: readonly Story[] = [
  secondScreen,
  twoUsers,
  offlineClient,
  bulkChange,
  apiTokens,
  zoneMove,
  recurringTask,
  reminder,
  notification,
];

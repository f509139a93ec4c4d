import type { Channel } from "../../../contract/notification.ts";
import { deliveryIdOf, digestIdOf } from "./ids.ts";
import type { NewDelivery, NewNotification } from "./rows.ts";

/**
 * What takes the place of everything that is put off to one instant (epoch ms) on a channel. Its words follow when it
 * is given.
 */
export const digestFor = (
  userId: string,
  channel: Channel,
  until: number,
): { readonly notification: NewNotification; readonly delivery: NewDelivery; readonly deliveryId: string } => {
  const id = digestIdOf(userId, channel, until);
  const notification: NewNotification = {
    id,
    user_id: userId,
    type: "digest",
    title: "",
    body: null,
    task_id: null,
    event_id: null,
    sequence: null,
    reminder_id: null,
    critical: false,
    count: 1,
    occurred_at: new Date(until),
    in_inbox: false,
    created_at: null,
  };
  const delivery: NewDelivery = {
    notification,
    channel,
    status: "pending",
    reason: "quiet_hours",
    dueAt: until,
    digestId: null,
  };
  return { notification, delivery, deliveryId: deliveryIdOf(id, channel) };
};

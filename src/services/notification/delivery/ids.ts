import { v5 } from "uuid";
import type { Channel } from "../../../contract/notification.ts";

/** Ids follow from what they are of (RFC 9562 §5.5), so that whatever is done twice is done once. */
const NAMESPACE = "5b9f0c1e-6c2d-4c57-9a55-0e6f0b8f2a71";

export const notificationIdOf = (eventId: string): string => v5(eventId, NAMESPACE);

export const deliveryIdOf = (notificationId: string, channel: Channel): string =>
  v5(`${notificationId}/${channel}`, NAMESPACE);

/** Of what is put off to an instant (epoch ms) on a channel. */
export const digestIdOf = (userId: string, channel: Channel, until: number): string =>
  v5(`digest/${userId}/${channel}/${until}`, NAMESPACE);

import { type EventType, eventTypes } from "../../contract/event.ts";
import {
  type Channel,
  channels,
  type ChannelChoice,
  type NotificationPreferences,
  type QuietHours,
} from "../../contract/notification.ts";

/**
 * What a user has chosen, one entry a choice: `{"task.completed/stream": true}`. What is not in it is as it is for
 * everyone.
 */
export type Choices = Readonly<Record<string, boolean>>;

export interface StoredPreferences {
  readonly quietHours: QuietHours | null;
  readonly criticalOnly: boolean;
  readonly choices: Choices;
}

/** Those of a user who has chosen nothing. */
export const noPreferences: StoredPreferences = { quietHours: null, criticalOnly: false, choices: {} };

/** A reminder was asked for, by every way there is; what a person did themselves they know. */
const isOnForEveryone = (type: EventType): boolean => type === "task.reminder.triggered";

const keyOf = (type: EventType, channel: Channel): string => `${type}/${channel}`;

/** Whether a user wants to be told of events of a type by a channel. */
export const isWanted = ({ choices }: Pick<StoredPreferences, "choices">, type: EventType, channel: Channel): boolean =>
  choices[keyOf(type, channel)] ?? isOnForEveryone(type);

/** The preferences as they are answered: whole, with every event and every channel. */
export const preferencesOf = (stored: StoredPreferences): NotificationPreferences => ({
  quiet_hours: stored.quietHours,
  critical_only: stored.criticalOnly,
  events: Object.fromEntries(
    eventTypes.map((type) => [
      type,
      Object.fromEntries(channels.map((channel) => [channel, isWanted(stored, type, channel)])) as Record<
        Channel,
        boolean
      >,
    ]),
  ),
});

/** A change as it came, as entries to put over the stored ones. */
export const choicesOf = (events: Readonly<Record<string, ChannelChoice>>): Choices =>
  Object.fromEntries(
    Object.entries(events).flatMap(([type, choice]) =>
      Object.entries(choice).map(([channel, wanted]) => [keyOf(type as EventType, channel as Channel), wanted]),
    ),
  );

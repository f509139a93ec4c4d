import { useEffect, useRef, useState } from "react";
import type { NotificationPreferences, NotificationPreferencesPatch } from "../../../src/contract/notification.ts";
import { changePreferences, readPreferences } from "../api/notifications.ts";

export interface Preferences {
  /** As the user has chosen; null until they are read. */
  readonly preferences: NotificationPreferences | null;
  readonly hasFailed: boolean;
  readonly load: () => void;
  readonly change: (patch: NotificationPreferencesPatch) => void;
}

/**
 * What the user is told, and how. A change shows at once; changes are sent one after the other, and the answer to one
 * says nothing of those after it, so that what the server has said shows after the last.
 */
export const usePreferences = (onRefused: (error: Error) => void): Preferences => {
  const [preferences, setPreferences] = useState<NotificationPreferences | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const said = useRef<NotificationPreferences | null>(null);
  const sending = useRef({ last: Promise.resolve(), waiting: 0 });

  const load = (): void => {
    readPreferences()
      .then((answer) => {
        said.current = answer;
        setPreferences(answer);
        setFailed(false);
      })
      .catch(() => setFailed(true));
  };
  useEffect(load, []);

  const send = async (patch: NotificationPreferencesPatch): Promise<void> => {
    said.current = await changePreferences(patch);
  };
  const change = (patch: NotificationPreferencesPatch): void => {
    setPreferences((now) => now && merged(now, patch));
    const queue = sending.current;
    queue.waiting += 1;
    queue.last = queue.last
      .then(() => send(patch))
      .catch(onRefused)
      .then(() => {
        queue.waiting -= 1;
        if (queue.waiting === 0) setPreferences(said.current);
      });
  };
  return { preferences, hasFailed, load, change };
};

/** What the server will answer, as far as it can be said before. */
const merged = (
  preferences: NotificationPreferences,
  { events = {}, ...rest }: NotificationPreferencesPatch,
): NotificationPreferences => ({
  ...preferences,
  ...rest,
  events: Object.fromEntries(
    Object.entries(preferences.events).map(([type, choice]) => [type, { ...choice, ...events[type] }]),
  ),
});

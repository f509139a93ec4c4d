import { useEffect } from "react";
import { followFocus } from "../api/focus.ts";
import { onAnnouncement } from "../api/inbox-store.ts";
import { onOutcome } from "../api/outcomes.ts";
import { notificationActions } from "./notification-actions.ts";

/** Shows what arrives, and what the server did not do as it was shown. How it looks is loaded with the first that does. */
export const useAnnouncements = (): void => {
  useEffect(() => {
    const ends = [
      followFocus(),
      onAnnouncement(
        (announcement) =>
          void import("../notifications/announce.tsx").then(({ announce }) =>
            announce(announcement, notificationActions),
          ),
      ),
      onOutcome((outcome) => void import("../tasks/outcomes.ts").then(({ tellOutcome }) => tellOutcome(outcome))),
      followClicks(),
    ];
    return () => ends.forEach((end) => end());
  }, []);
};

/** A notification of the browser was clicked: its worker names the task. */
const followClicks = (): (() => void) => {
  const container: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  const open = ({ data }: MessageEvent<{ kind?: string; taskId?: string }>): void => {
    if (data.kind === "open-task" && data.taskId !== undefined) notificationActions.open(data.taskId);
  };
  container?.addEventListener("message", open);
  return () => container?.removeEventListener("message", open);
};

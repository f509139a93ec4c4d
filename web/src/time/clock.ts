import { create } from "zustand";
import { useMemo } from "react";
import { useSession, useUser } from "../api/session.ts";
import { clockAt, type Clock } from "./due-date.ts";

const minuteMs = 60_000;

/** The present minute: what is due, late and "today" follows it by itself. */
const useMinute = create<{ minute: number }>(() => ({ minute: Math.floor(Date.now() / minuteMs) }));

const tick = (): void => {
  const minute = Math.floor(Date.now() / minuteMs);
  if (minute !== useMinute.getState().minute) useMinute.setState({ minute });
};

/** Keeps the present minute. A tab that slept looks at once when it is seen again. */
export const startClock = (): void => {
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
};

/** The present in the user's zone, for what happens once and is not drawn again. */
export const clockNow = (): Clock => clockAt(new Date(), useSession.getState().session?.user.time_zone ?? "UTC");

/** The beginning of the present minute, in epoch milliseconds. */
export const useNow = (): number => useMinute((state) => state.minute) * minuteMs;

/** The present in the user's zone. */
export const useClock = (): Clock => {
  const zone = useUser()?.time_zone ?? "UTC";
  const minute = useMinute((state) => state.minute);
  return useMemo(() => clockAt(new Date(minute * minuteMs), zone), [minute, zone]);
};

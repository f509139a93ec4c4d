import { useCallback, useSyncExternalStore } from "react";

/** Follows a media query. */
export const useMedia = (query: string): boolean => {
  const subscribe = useCallback(
    (changed: () => void) => {
      const media = matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
};

/** Narrower than this the sidebar is a drawer, and a task's detail a page. */
export const phone = "(max-width: 699px)";
/** Touch needs larger rows. */
export const touch = "(pointer: coarse)";

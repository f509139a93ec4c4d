import { useSearchParams } from "wouter";
import { navigate } from "wouter/use-browser-location";
import { addressWith } from "../ui/address.ts";

/** What may lie over a view. It is part of the address, so that reloading and going back give the same screen. */
export type Overlay = "palette" | "keys" | "notifications";
const overlays = new Set<string>(["palette", "keys", "notifications"] satisfies Overlay[]);
const parameter = "show";
const whyParameter = "why";

export const useOverlay = (): string | null => useSearchParams()[0].get(parameter);

/** What is shown already is not shown once more. */
export const showOverlay = (overlay: Overlay): void => {
  if (new URLSearchParams(location.search).get(parameter) !== overlay) change(overlay);
};
/** Replaces the address: going back should not open it again. */
export const hideOverlay = (): void => change(null);

/** Whether a parameter of the address says what lies over or beside the view, and not which view it is. */
export const isOverView = (name: string): boolean => ["task", "tab", parameter, whyParameter].includes(name);

/** Whether the address says that something lies over the view. */
export const isCovered = (): boolean => {
  const parameters = new URLSearchParams(location.search);
  return overlays.has(parameters.get(parameter) ?? "") || parameters.has(whyParameter);
};

const change = (overlay: Overlay | null): void =>
  navigate(addressWith(parameter, overlay), { replace: overlay === null });

/** The reminder whose story is told, over the view. */
export const useExplained = (): string | null => useSearchParams()[0].get(whyParameter);
export const showExplained = (reminderId: string): void => navigate(addressWith(whyParameter, reminderId));
export const hideExplained = (): void => navigate(addressWith(whyParameter, null), { replace: true });

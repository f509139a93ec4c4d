import { useSearchParams } from "wouter";
import { navigate } from "wouter/use-browser-location";
import { addressWith } from "../ui/address.ts";

/** What may lie over a view. It is part of the address, so that reloading and going back give the same screen. */
export type Overlay = "palette" | "keys" | "notifications";
const parameter = "show";

export const useOverlay = (): string | null => useSearchParams()[0].get(parameter);

export const showOverlay = (overlay: Overlay): void => change(overlay);
/** Replaces the address: going back should not open it again. */
export const hideOverlay = (): void => change(null);

const change = (overlay: Overlay | null): void =>
  navigate(addressWith(parameter, overlay), { replace: overlay === null });

const whyParameter = "why";

/** The reminder whose story is told, over the view. */
export const useExplained = (): string | null => useSearchParams()[0].get(whyParameter);
export const showExplained = (reminderId: string): void => navigate(addressWith(whyParameter, reminderId));
export const hideExplained = (): void => navigate(addressWith(whyParameter, null), { replace: true });

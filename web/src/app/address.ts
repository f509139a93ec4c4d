import { useSearchParams } from "wouter";
import { navigate } from "wouter/use-browser-location";

/** What may lie over a view. It is part of the address, so that reloading and going back give the same screen. */
export type Overlay = "palette" | "keys";
const parameter = "show";

export const useOverlay = (): string | null => useSearchParams()[0].get(parameter);

export const showOverlay = (overlay: Overlay): void => change(overlay);
/** Replaces the address: going back should not open it again. */
export const hideOverlay = (): void => change(null);

const change = (overlay: Overlay | null): void => {
  const parameters = new URLSearchParams(location.search);
  if (overlay === null) parameters.delete(parameter);
  else parameters.set(parameter, overlay);
  const query = parameters.toString();
  navigate(query === "" ? location.pathname : `${location.pathname}?${query}`, { replace: overlay === null });
};

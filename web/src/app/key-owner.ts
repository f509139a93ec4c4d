import { useList } from "../tasks/list-state.ts";
import { isCovered } from "./address.ts";
import { useSidebar } from "./sidebar-state.ts";

/**
 * Who gets a key. What is typed into a field is the field's. While something lies over the view all keys are its own,
 * also in the moment before it has the focus. A message at the edge keeps the keys of its buttons. The rest are commands.
 */
export type KeyOwner = "field" | "layer" | "nobody" | "commands";

/** What can lie over the view, as it stands on the page: dialogs, popovers, sheets, menus. Messages are none. */
const layer = `[role="dialog"]:not([aria-modal="false"]), [role="alertdialog"]:not([aria-modal="false"]), [role="menu"], [role="listbox"]`;
/** A button whose menu or dialog is open, or about to be. */
const opener = "[aria-haspopup][aria-expanded='true']";

const isField = (target: Element): boolean =>
  target.matches("input, textarea, select") || (target instanceof HTMLElement && target.isContentEditable);

/** The uppermost layer that is on the page. */
export const openLayer = (): HTMLElement | null => [...document.querySelectorAll<HTMLElement>(layer)].at(-1) ?? null;

/** Whether something lies over the view, or was asked for and is on its way. */
export const isLayerOpen = (): boolean =>
  useList.getState().picker !== null ||
  useSidebar.getState().isDrawerOpen ||
  isCovered() ||
  document.querySelector(opener) !== null ||
  openLayer() !== null;

/** Decides who gets a key that is pressed at an element. */
export const keyOwner = (target: Element | null): KeyOwner => {
  if (target !== null && isField(target)) return "field";
  if (!isLayerOpen()) return "commands";
  const isAtEdge = target?.closest('[aria-modal="false"]') != null;
  return isAtEdge || target?.closest(layer) != null ? "layer" : "nobody";
};

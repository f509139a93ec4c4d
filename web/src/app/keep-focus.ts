import { useEffect } from "react";
import { focusNearestRow, focusPanel, isInPanel, noteFocus } from "../tasks/list-focus.ts";
import { openLayer } from "./key-owner.ts";
import { mainId } from "./main-id.ts";

/** What takes the focus off an element without taking the element away. */
const unfocusing = ["disabled", "inert", "hidden"];

const canHaveFocus = (element: Element): boolean =>
  element.isConnected &&
  !element.matches(":disabled") &&
  element.closest("[inert]") === null &&
  element.checkVisibility({ visibilityProperty: true });

/** Puts the focus on the view as a whole, where the first row, or the only thing to do, is one key away. */
const focusView = (): void => {
  const first = document.querySelector<HTMLElement>(`#${mainId} [data-empty] button`);
  (first ?? document.getElementById(mainId))?.focus();
};

/** Gives the focus to what is next in sense to what had it. */
const giveFocus = (wasInPanel: boolean): void => {
  const layer = openLayer();
  if (layer !== null) layer.focus();
  else if (!(wasInPanel && focusPanel()) && !focusNearestRow()) focusView();
};

/**
 * The focus is never lost. When what had it goes away (a row that is done, a button that has done its work, a dialog
 * whose opener is gone), it goes on: to the layer that is open, the panel one was in, the row where one was or the one
 * in its place, to what an empty view offers.
 */
const keepFocus = (): (() => void) => {
  let last: Element | null = null;
  let wasInPanel = false;
  let isLooking = false;

  const remember = ({ target }: FocusEvent): void => {
    if (!(target instanceof Element)) return;
    last = target;
    noteFocus(target);
    // Layers come and go over the place one is at.
    if (isInPanel(target) || target.closest(`#${mainId}`) !== null) wasInPanel = isInPanel(target);
  };
  const look = (): void => {
    isLooking = false;
    const isLost = document.activeElement === null || document.activeElement === document.body;
    // What one left by a press on an empty place is still there.
    if (isLost && (last === null || !canHaveFocus(last))) giveFocus(wasInPanel);
  };
  const lookWhenDrawn = (): void => {
    if (isLooking) return;
    isLooking = true;
    // Only when the page is drawn has the browser taken the focus off what cannot have it.
    requestAnimationFrame(() => setTimeout(look));
  };
  const observer = new MutationObserver(lookWhenDrawn);
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: unfocusing });
  document.addEventListener("focusin", remember);
  return () => {
    observer.disconnect();
    document.removeEventListener("focusin", remember);
  };
};

export const useKeptFocus = (): void => useEffect(keepFocus, []);

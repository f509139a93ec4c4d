import { useLayoutEffect, useRef } from "react";
import { focusedId, focusPanel, isInPanel } from "../tasks/list-focus.ts";
import { takesFocus } from "../tasks/open-task.ts";
import { mainId } from "./main-id.ts";

/**
 * What is opened has the keyboard, from whichever door; a panel that goes along with the rows leaves it there. A page
 * that was just loaded gives it to the view, which the arrow keys can scroll then.
 */
export const useFocusOnPanel = (openedId: string | null): void => {
  const isLoaded = useRef(false);
  useLayoutEffect(() => {
    const isFirst = !isLoaded.current;
    isLoaded.current = true;
    if (openedId === null) {
      if (isFirst && document.activeElement === document.body) document.getElementById(mainId)?.focus();
      return undefined;
    }
    if (!takesFocus() && focusedId() !== null) return undefined;
    const focus = (): void => {
      if (!isInPanel(document.activeElement)) focusPanel();
    };
    focus();
    // What lay over the view and closes with this gives the focus back first.
    const timer = setTimeout(focus);
    return () => clearTimeout(timer);
  }, [openedId]);
};

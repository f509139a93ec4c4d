import { useLayoutEffect } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useList } from "../tasks/list-state.ts";
import { openedTaskId } from "../tasks/open-task.ts";
import { isOverView } from "./address.ts";
import { mainId } from "./main-id.ts";

/** How far each view was scrolled, by its address without what lies over it. It outlives a reload, not the tab. */
const storageKey = "taskflow.scroll";
/** A list that has not come back by then has become shorter. */
const longestWaitMs = 5_000;

type Places = Record<string, number>;

const read = (): Places => {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? "{}") as Places;
  } catch {
    return {};
  }
};

const places = new Map(Object.entries(read()));
const write = (): void => sessionStorage.setItem(storageKey, JSON.stringify(Object.fromEntries(places)));

/** The address of the view alone. */
const viewAddress = (): string => {
  const parameters = [...new URLSearchParams(location.search)].filter(([name]) => !isOverView(name));
  return `${location.pathname}?${new URLSearchParams(parameters)}`;
};

/** The next view is one that the user comes back to. True at first: the page may have been reloaded. */
let isReturning = true;
// Before the router hears of it, and draws the view.
addEventListener("popstate", () => (isReturning = true), true);
addEventListener("pushState", () => (isReturning = false), true);

/** Scrolls as soon as the view is long enough, unless the user scrolls first. Answers how to give up. */
const scrollWhenThere = (main: HTMLElement, top: number, done: () => void): (() => void) => {
  const until = performance.now() + longestWaitMs;
  let frame = 0;
  const stop = (): void => {
    cancelAnimationFrame(frame);
    for (const event of ["wheel", "pointerdown", "keydown"]) removeEventListener(event, stop, true);
    done();
  };
  const look = (): void => {
    main.scrollTop = top;
    if (Math.abs(main.scrollTop - top) < 1 || performance.now() > until) stop();
    else frame = requestAnimationFrame(look);
  };
  for (const event of ["wheel", "pointerdown", "keydown"]) addEventListener(event, stop, { capture: true, once: true });
  look();
  return stop;
};

/** The row of the task that is open is in sight, whatever the list was scrolled to. */
const revealOpened = (): void => {
  const id = openedTaskId();
  if (id !== null) useList.getState().reveal(id);
};

/** A view that one comes back to is where it was; a new one is at its beginning. */
export const useKeptScroll = (): void => {
  useLocation();
  useSearchParams();
  const address = viewAddress();
  useLayoutEffect(() => {
    const main = document.getElementById(mainId);
    if (main === null) return undefined;
    let isSettled = false;
    const top = isReturning ? (places.get(address) ?? 0) : 0;
    const giveUp = scrollWhenThere(main, top, () => {
      isSettled = true;
      revealOpened();
    });
    const keep = (): void => {
      if (isSettled && viewAddress() === address) places.set(address, main.scrollTop);
    };
    main.addEventListener("scroll", keep, { passive: true });
    addEventListener("pagehide", write);
    document.addEventListener("visibilitychange", write);
    return () => {
      giveUp();
      main.removeEventListener("scroll", keep);
      removeEventListener("pagehide", write);
      document.removeEventListener("visibilitychange", write);
    };
  }, [address]);
};

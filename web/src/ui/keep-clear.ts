import { useEffect, useState, type RefCallback } from "react";
import { toastPlace } from "./toast-place.ts";

/** What toasts must not lie over, as long as it is on the page. */
const obstacles = new Set<Element>();
const followers = new Set<() => void>();
const tell = (): void => followers.forEach((follow) => follow());

/** Tells when an obstacle, or the toasts, get their place or another size; popups are placed after they appear. */
const sizes = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(tell);

/** The `ref` of what toasts must not lie over. */
export const keepClear: RefCallback<Element> = (element) => {
  if (element === null) return;
  obstacles.add(element);
  sizes?.observe(element);
  // A sheet slides to its place.
  element.addEventListener("transitionend", tell);
  tell();
  return () => {
    obstacles.delete(element);
    sizes?.unobserve(element);
    element.removeEventListener("transitionend", tell);
    tell();
  };
};

/** How far above the lower edge of the screen the toasts within `region` stand, in pixels. */
export const useToastPlace = (region: Element | null, count: number): number => {
  const [place, setPlace] = useState(0);
  useEffect(() => {
    if (region === null || count === 0) return;
    const measure = (): void => {
      const toasts = region.getBoundingClientRect();
      setPlace(
        toastPlace({
          screen: { width: innerWidth, height: innerHeight },
          toasts,
          obstacles: Array.from(obstacles, (each) => each.getBoundingClientRect()),
        }),
      );
    };
    followers.add(measure);
    sizes?.observe(region);
    addEventListener("resize", measure);
    addEventListener("scroll", measure, { capture: true, passive: true });
    measure();
    return () => {
      followers.delete(measure);
      sizes?.unobserve(region);
      removeEventListener("resize", measure);
      removeEventListener("scroll", measure, { capture: true });
    };
  }, [region, count]);
  return place;
};

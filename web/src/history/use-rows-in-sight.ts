import { useVirtualizer, type Virtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties, type RefObject } from "react";

interface RowsOptions {
  readonly count: number;
  /** Pixels, for rows that were not seen yet. */
  readonly guessedHeight: number;
  readonly keyOf: (index: number) => string | number;
  /** Rows before the last one from which on the end is near. */
  readonly nearEnd: number;
  /** The end is near: more is wanted, if there is more. */
  readonly onEnd: () => void;
}

interface RowsInSight {
  /** The list's element, in the page that scrolls. */
  readonly list: RefObject<HTMLUListElement | null>;
  readonly rows: readonly VirtualItem[];
  readonly measure: Virtualizer<HTMLElement, Element>["measureElement"];
  /** The height of the whole list. */
  readonly listStyle: CSSProperties;
  placeOf(start: number): CSSProperties;
}

const overscan = 12;

/** The rows of a long list that are in sight, and word when its end is near. */
export const useRowsInSight = ({ count, guessedHeight, keyOf, nearEnd, onEnd }: RowsOptions): RowsInSight => {
  const list = useRef<HTMLUListElement>(null);
  const [margin, setMargin] = useState(0);
  // oxlint-disable-next-line react/incompatible-library -- nothing here is compiled by the React compiler
  const virtualizer = useVirtualizer<HTMLElement, Element>({
    count,
    getScrollElement: () => list.current?.closest("main") ?? null,
    estimateSize: () => guessedHeight,
    getItemKey: keyOf,
    overscan,
    scrollMargin: margin,
  });
  useLayoutEffect(() => setMargin(list.current?.offsetTop ?? 0), [count]);
  const rows = virtualizer.getVirtualItems();
  const isNearEnd = (rows.at(-1)?.index ?? 0) >= count - nearEnd;
  useEffect(() => {
    if (isNearEnd) onEnd();
  }, [isNearEnd, count, onEnd]);
  return {
    list,
    rows,
    measure: virtualizer.measureElement,
    listStyle: { height: virtualizer.getTotalSize() },
    placeOf: (start) => ({ transform: `translateY(${start - margin}px)` }),
  };
};

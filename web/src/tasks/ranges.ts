/** Which rows are selected: pure, over the order of the rows on the screen. */
export interface Selection {
  readonly selected: ReadonlySet<string>;
  /** Where the next range begins: the row that was selected by itself last. */
  readonly anchor: string | null;
  /** What was selected before the present range, which may still grow and shrink. */
  readonly base: ReadonlySet<string>;
}

export const nothingSelected: Selection = { selected: new Set(), anchor: null, base: new Set() };

/** Selects one row more, or one less. The next range begins at it. */
export const toggled = ({ selected }: Selection, id: string): Selection => {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return { selected: next, anchor: id, base: next };
};

/**
 * Selects from the anchor to a row, both included, in place of the range before. Without an anchor among the rows the
 * range begins at `start`.
 */
export const rangedTo = (selection: Selection, order: readonly string[], start: string, end: string): Selection => {
  const { anchor, base } = selection;
  const from = anchor !== null && order.includes(anchor) ? anchor : start;
  const [first = 0, last = 0] = [order.indexOf(from), order.indexOf(end)].toSorted((a, b) => a - b);
  if (first < 0) return selection;
  const kept = from === anchor ? base : selection.selected;
  return { selected: new Set([...kept, ...order.slice(first, last + 1)]), anchor: from, base: kept };
};

/** Selects every row of the list. */
export const allOf = (order: readonly string[]): Selection => {
  const selected = new Set(order);
  return { selected, anchor: order[0] ?? null, base: selected };
};

// A reporter for `node --test` that writes how long each file took, a line a file: seconds, then its path.
import { relative } from "node:path";
import { root } from "./bootstrap.mjs";

/** Yields the lines in the order in which files end. */
// oxlint-disable-next-line import/no-default-export -- that is what Node takes for a reporter
export default async function* durations(events) {
  for await (const { type, data } of events)
    if (type === "test:summary" && data.file !== undefined)
      yield `${(data.duration_ms / 1_000).toFixed(1)} s ${relative(root, data.file)}\n`;
}

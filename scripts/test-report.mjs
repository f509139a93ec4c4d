// A reporter for `node --test` that writes what stands at the end of a run: failures, for whoever sees only the end of a
// long log, and how long each file took.
import { relative } from "node:path";
import { inspect, stripVTControlCharacters } from "node:util";
import { root } from "./bootstrap.mjs";

const MOST_LINES_OF_ONE = 40;
const LAST_WRITTEN = 40;
/** The error of a whole file; what went wrong stands in what the file wrote. */
const fileFailed = "test failed";

/** Before the seconds of a file and its path. */
export const TIME_MARK = "⏱ ";

/** Yields a few lines a failing test: its name, where it is, and its error; and a line a file: its seconds and path. */
// oxlint-disable-next-line import/no-default-export -- that is what Node takes for a reporter
export default async function* report(events) {
  const written = new Map();
  for await (const { type, data } of events) {
    if (type === "test:stderr")
      written.set(data.file, [...(written.get(data.file) ?? []), data.message].slice(-LAST_WRITTEN));
    if (type === "test:summary" && data.file !== undefined)
      yield `${TIME_MARK}${(data.duration_ms / 1_000).toFixed(1)} s ${relative(root, data.file)}\n`;
    if (type === "test:fail" && data.details.error.failureType !== "subtestsFailed") yield describe(data, written);
  }
}

function describe({ name, file, line, column, details: { error } }, written) {
  const { cause = error, signal, exitCode } = error;
  const why =
    cause === fileFailed
      ? `the file ended with ${signal ?? exitCode}; at last it wrote:\n${(written.get(name) ?? []).join("")}`
      : textOf(cause);
  const lines = withoutNode(why);
  const shown = lines.length > MOST_LINES_OF_ONE ? [...lines.slice(0, MOST_LINES_OF_ONE), "…"] : lines;
  return `✖ ${name} (${relative(root, file)}:${line}:${column})\n${shown.map((each) => `    ${each}\n`).join("")}`;
}

/** The error with its place, what was and what was expected, and its cause. */
function textOf(error) {
  return typeof error === "string"
    ? error
    : inspect(error, { depth: 4, breakLength: 160, maxArrayLength: 20, maxStringLength: 2_000 });
}

/** Lines without Node's own part of a stack, and without what an assertion says of itself. */
function withoutNode(text) {
  const lines = stripVTControlCharacters(text).split("\n");
  return lines.filter(
    (line) => line.trim() !== "" && !/^\s+(at .*\bnode:|generatedMessage: |code: 'ERR_ASSERTION'|diff: )/.test(line),
  );
}

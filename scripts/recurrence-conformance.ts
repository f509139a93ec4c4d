/**
 * Makes the tables of docs/recurrence.md: our dates beside those of other implementations.
 *
 *   node scripts/recurrence-conformance.ts             rewrites the page
 *   node scripts/recurrence-conformance.ts --check     fails when the page is not what the code says now
 * node scripts/recurrence-conformance.ts --refresh   asks python-dateutil anew (python3 with python-dateutil installed)
 *
 * It fails when an implementation disagrees and no reason is written down.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { reasonFor, reasons } from "./recurrence-conformance/disagreements.ts";
import {
  type Answers,
  compared,
  dateutil,
  rruleJs,
  rruleTemporal,
  taskFlow,
} from "./recurrence-conformance/implementations.ts";
import { type ConformanceRule, conformanceRules as rules } from "./recurrence-conformance/rules.ts";

const page = new URL("../docs/recurrence.md", import.meta.url);
const [begin, end] = ["<!-- made by scripts/recurrence-conformance.ts -->", "<!-- end -->"];

interface Disagreement {
  readonly rule: ConformanceRule;
  readonly implementation: string;
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

function disagreementsWith(ours: Answers, theirs: Answers): Disagreement[] {
  return rules
    .map((rule, i) => ({
      rule,
      implementation: theirs.name,
      ours: ours.occurrences[i] ?? [],
      theirs: theirs.occurrences[i] ?? [],
    }))
    .filter((pair) => pair.ours.join(" ") !== pair.theirs.join(" "));
}

function summary(others: readonly Answers[], disagreements: readonly Disagreement[]): string {
  const rows = others.map(({ name, version }) => {
    const differ = disagreements.filter(({ implementation }) => implementation === name).length;
    return `| ${name} ${version} | ${rules.length} | ${rules.length - differ} | ${differ} |`;
  });
  return ["| beside | rules | the same | different |", "|---|---:|---:|---:|", ...rows].join("\n");
}

const shown = (dates: readonly string[]): string =>
  dates.length === 0 ? "none" : `${dates.slice(0, 3).join(" ")}${dates.length > 3 ? " …" : ""}`.replaceAll("|", "\\|");

/** One section a reason; the whole list of rules, with the dates up to the first that differs. */
function explained(disagreements: readonly Disagreement[]): string {
  const sections = reasons.map((reason) => {
    const mine = disagreements.filter((pair) => reasonFor(pair.rule, pair.implementation, pair.theirs) === reason);
    const rows = mine.map((pair) => {
      const from = pair.ours.findIndex((date, i) => date !== pair.theirs[i]);
      const start = from < 0 ? pair.ours.length : from;
      return `| \`${pair.rule.rule}\` from ${pair.rule.anchor} | ${pair.implementation} | ${shown(pair.ours.slice(start))} | ${shown(pair.theirs.slice(start))} |`;
    });
    const table = ["| rule | beside | ours, from the first difference | theirs |", "|---|---|---|---|", ...rows].join(
      "\n",
    );
    return mine.length === 0 ? "" : `### ${reason.title}\n\n${reason.why}\n\n${table}\n`;
  });
  return sections.filter((section) => section !== "").join("\n");
}

function ruleList(disagreements: readonly Disagreement[]): string {
  const differing = new Set(disagreements.map(({ rule }) => rule));
  const rows = rules.map(
    (rule) => `| \`${rule.rule}\` | ${rule.anchor} | ${differing.has(rule) ? "see above" : "the same"} |`,
  );
  return [
    "<details><summary>Every rule compared</summary>",
    "",
    "| rule | due date | all implementations |",
    "|---|---|---|",
    ...rows,
    "",
    "</details>",
  ].join("\n");
}

function generated(refresh: boolean): string {
  const ours = taskFlow(rules);
  const others = [dateutil(rules, refresh), rruleJs(rules), rruleTemporal(rules)];
  const disagreements = others.flatMap((theirs) => disagreementsWith(ours, theirs));
  const unexplained = disagreements.filter(
    (pair) => reasonFor(pair.rule, pair.implementation, pair.theirs) === undefined,
  );
  if (unexplained.length > 0) {
    throw new Error(
      `no reason is written down for:\n${unexplained.map((pair) => `${pair.implementation}: ${pair.rule.rule} from ${pair.rule.anchor}`).join("\n")}`,
    );
  }
  const heading = `The first ${compared} dates of each rule, compared one by one:`;
  return [
    heading,
    summary(others, disagreements),
    "## Where implementations differ",
    explained(disagreements),
    ruleList(disagreements),
  ].join("\n\n");
}

const { values } = parseArgs({
  options: { check: { type: "boolean", default: false }, refresh: { type: "boolean", default: false } },
});
const text = readFileSync(page, "utf8");
const made = `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${generated(values.refresh)}\n\n${text.slice(text.indexOf(end))}`;
if (!values.check) writeFileSync(page, made);
else if (made !== text) {
  console.error("docs/recurrence.md is not what the code says: run node scripts/recurrence-conformance.ts");
  process.exitCode = 1;
}

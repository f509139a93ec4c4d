import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as Rrule from "rrule";
import { RRuleTemporal } from "rrule-temporal";
import { type Civil, formatCivil, parseCivil } from "../../src/domain/civil.ts";
import { occurrences, parsePattern } from "../../src/domain/recurrence.ts";
import type { ConformanceRule } from "./rules.ts";

const require = createRequire(import.meta.url);
const rrule = require("rrule") as typeof Rrule; // its ES module has no names that Node can import

/** How many occurrences of each rule are compared. */
export const compared = 15;

/** The first occurrences of each rule, as `2026-03-01T09:00`; or a refusal. */
export interface Answers {
  readonly name: string;
  readonly version: string;
  readonly occurrences: readonly (readonly string[])[];
}

export function taskFlow(rules: readonly ConformanceRule[]): Answers {
  return { name: "TaskFlow", version: "", occurrences: rules.map(taskFlowOccurrences) };
}

function taskFlowOccurrences({ rule, anchor }: ConformanceRule): string[] {
  const parsed = parsePattern(rule, parseCivil(anchor) as Civil);
  if (!parsed.ok) return parsed.error.code === "never" ? [] : [`refused: ${parsed.error.message}`];
  return [...occurrences(parsed.schedule, { count: compared })].map(formatCivil);
}

const versionOf = (name: string): string => {
  const entry = require.resolve(name);
  const folder = entry.slice(0, entry.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}/`.length);
  return (JSON.parse(readFileSync(`${folder}package.json`, "utf8")) as { version: string }).version;
};

export function rruleJs(rules: readonly ConformanceRule[]): Answers {
  const answer = ({ rule, anchor }: ConformanceRule): string[] =>
    rrule
      .rrulestr(rule, { dtstart: new Date(`${anchor}:00Z`) })
      .all((_, i) => i < compared)
      .map((date) => date.toISOString().slice(0, 16));
  return { name: "rrule", version: versionOf("rrule"), occurrences: rules.map((rule) => attempt(() => answer(rule))) };
}

export function rruleTemporal(rules: readonly ConformanceRule[]): Answers {
  const answer = ({ rule, anchor }: ConformanceRule): string[] =>
    new RRuleTemporal({
      rruleString: `DTSTART:${anchor.replaceAll(/[-:]/g, "")}00Z\nRRULE:${rule.replace(/(UNTIL=\d+T\d+)/, "$1Z")}`,
    })
      .all((_: unknown, i: number) => i < compared)
      .map((date) => new Date(date.epochMilliseconds).toISOString().slice(0, 16));
  return {
    name: "rrule-temporal",
    version: versionOf("rrule-temporal"),
    occurrences: rules.map((rule) => attempt(() => answer(rule))),
  };
}

function attempt(answer: () => string[]): string[] {
  try {
    return answer();
  } catch (error) {
    return [`refused: ${error instanceof Error ? error.message : String(error)}`];
  }
}

const storedAnswers = new URL("../../test/recurrence/dateutil-occurrences.json", import.meta.url);

/** python-dateutil's answers, stored for machines without it. Asked anew when `refresh` is set. */
export function dateutil(rules: readonly ConformanceRule[], refresh: boolean): Answers {
  if (refresh) storeDateutil(rules);
  if (!existsSync(storedAnswers)) throw new Error("no stored answers of python-dateutil: run with --refresh");
  const stored = JSON.parse(readFileSync(storedAnswers, "utf8")) as {
    version: string;
    answers: (ConformanceRule & { occurrences: string[] })[];
  };
  const byRule = new Map(stored.answers.map((answer) => [`${answer.rule} ${answer.anchor}`, answer.occurrences]));
  const occurrences = rules.map(
    ({ rule, anchor }) => byRule.get(`${rule} ${anchor}`) ?? [`not asked: run with --refresh`],
  );
  return { name: "python-dateutil", version: stored.version, occurrences };
}

function storeDateutil(rules: readonly ConformanceRule[]): void {
  const script = new URL("ask-dateutil.py", import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync("python3", [script, String(compared)], {
    input: JSON.stringify(rules),
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  if (status !== 0) throw new Error(`python3 with python-dateutil is needed to refresh its answers: ${stderr}`);
  const { version, occurrences } = JSON.parse(stdout) as { version: string; occurrences: string[][] };
  const lines = rules.map((rule, i) => JSON.stringify({ ...rule, occurrences: occurrences[i] }));
  writeFileSync(storedAnswers, `{"version": ${JSON.stringify(version)}, "answers": [\n${lines.join(",\n")}\n]}\n`);
}

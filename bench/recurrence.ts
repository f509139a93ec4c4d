/**
 * Recurrence beside `rrule` and `rrule-temporal`, in the same run: the next occurrence after a moment, and a page of
 * them.
 *
 *   node bench/recurrence.ts [--ms 300]
 *
 * Each figure is the median of five rounds. Every library is asked with its rule made anew, as a service that reads it
 * from a row does, and they take turns, so that another load on the machine falls on all of them.
 */
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import type * as Rrule from "rrule";
import { RRuleTemporal } from "rrule-temporal";
import { type Civil, formatCivil, parseCivil } from "../src/domain/civil.ts";
import { dueAt, nextAfterInstant, occurrences, parsePattern, type Schedule } from "../src/domain/recurrence.ts";

const { rrulestr } = createRequire(import.meta.url)("rrule") as typeof Rrule;

const { values } = parseArgs({ options: { ms: { type: "string", default: "300" } } });
const roundMs = Number(values.ms);
const now = Date.UTC(2026, 10, 22, 12);

interface Case {
  readonly what: string;
  readonly rule: string;
  /** Wall clock of the zone. */
  readonly start: string;
  readonly zone: string;
}

const rules: [what: string, rule: string][] = [
  ["daily", "FREQ=DAILY"],
  ["every 2nd week, 3 weekdays", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR"],
  ["last weekday of the month", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"],
  ["yearly", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15"],
];
const starts: [what: string, start: string][] = [
  ["new", "2026-11-20T09:00"],
  ["of 1990", "1990-01-01T09:00"],
];
const zones = ["UTC", "America/New_York"];

const cases: Case[] = rules.flatMap(([what, rule]) =>
  starts.flatMap(([age, start]) => zones.map((zone) => ({ what: `${what}, ${age}, ${zone}`, rule, start, zone }))),
);

type Ask = (of: Case) => number | undefined;

function schedule({ rule, start, zone }: Case): Schedule {
  const parsed = parsePattern(rule, parseCivil(start) as Civil, zone);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.schedule;
}

const compact = (start: string): string => start.replaceAll(/[-:]/g, "");
const iCalendar = ({ rule, start, zone }: Case): string => `DTSTART;TZID=${zone}:${compact(start)}00\nRRULE:${rule}`;
const rruleOf = (of: Case): Rrule.RRule | Rrule.RRuleSet => rrulestr(iCalendar(of));
const page = 30;

/** What a library answers, as an epoch, so that the same answer can be asserted of all of them. */
const nextAfterNow: Record<string, Ask> = {
  TaskFlow: (of) => nextAfterInstant(schedule(of), of.zone, now)?.instant,
  rrule: (of) => rruleOf(of).after(new Date(now))?.getTime(),
  "rrule-temporal": (of) => new RRuleTemporal({ rruleString: iCalendar(of) }).next(new Date(now))?.epochMilliseconds,
};

const firstPage: Record<string, Ask> = {
  TaskFlow: (of) =>
    [...occurrences(schedule(of), { count: page })].map((occurrence) => dueAt(occurrence, of.zone)).at(-1) ?? undefined,
  rrule: (of) =>
    rruleOf(of)
      .all((_, i) => i < page)
      .at(-1)
      ?.getTime(),
  "rrule-temporal": (of) =>
    new RRuleTemporal({ rruleString: iCalendar(of) }).all((_: unknown, i: number) => i < page).at(-1)
      ?.epochMilliseconds,
};

function perSecond(ask: () => unknown): number {
  const start = performance.now();
  let asked = 0;
  while (performance.now() - start < roundMs / 5 || asked === 0) {
    ask();
    asked += 1;
  }
  return (asked * 1000) / (performance.now() - start);
}

const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;

function measure(of: Case, asks: Record<string, Ask>): Record<string, number> {
  const names = Object.keys(asks);
  const rounds = names.map((): number[] => []);
  for (let round = 0; round < 6; round += 1) {
    for (const [i, name] of names.entries()) {
      const speed = perSecond(() => asks[name]?.(of));
      if (round > 0) rounds[i]?.push(speed); // the first round warms up
    }
  }
  return Object.fromEntries(names.map((name, i) => [name, median(rounds[i] ?? [])]));
}

function disagreeing(of: Case, asks: Record<string, Ask>): string {
  const ours = asks["TaskFlow"]?.(of);
  return Object.keys(asks)
    .filter((name) => asks[name]?.(of) !== ours)
    .join(", ");
}

const readable = (speed: number): string =>
  speed < 10 ? speed.toPrecision(2) : Math.round(speed).toLocaleString("en");

/**
 * Rules that have no date, or too many: how long until there is an answer or an error. The first time, as a request
 * would meet it.
 */
function hostileTable(): void {
  const hostile = [
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=31",
    "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
    "FREQ=WEEKLY;BYMONTH=1;COUNT=1000000000",
  ];
  console.log(
    "\n## Rules without an end, ms until an answer or an error\n\n| rule | TaskFlow | rrule | rrule-temporal |\n|---|---:|---:|---:|",
  );
  for (const rule of hostile) {
    const of = { what: rule, rule, start: "1990-01-01T09:00", zone: "UTC" };
    const times = Object.values(nextAfterNow).map((ask) => elapsed(() => ask(of)));
    console.log(`| \`${rule}\` | ${times.map((ms) => ms.toPrecision(2)).join(" | ")} |`);
  }
}

function elapsed(ask: () => unknown): number {
  const start = performance.now();
  try {
    ask();
  } catch {
    // an error is an end too
  }
  return performance.now() - start;
}

function table(title: string, asks: Record<string, Ask>): void {
  console.log(`\n## ${title}, rules per second\n`);
  console.log("| rule, start, zone | TaskFlow | rrule | rrule-temporal | × rrule | × rrule-temporal | other answer |");
  console.log("|---|---:|---:|---:|---:|---:|---|");
  for (const of of cases) {
    const { TaskFlow: ours = 0, rrule = 0, "rrule-temporal": temporal = 0 } = measure(of, asks);
    const figures = [ours, rrule, temporal].map(readable);
    const ratios = [ours / rrule, ours / temporal].map((ratio) =>
      ratio < 10 ? ratio.toFixed(1) : Math.round(ratio).toLocaleString("en"),
    );
    console.log(`| ${[of.what, ...figures, ...ratios, disagreeing(of, asks)].join(" | ")} |`);
  }
}

console.log(
  `Node ${process.version}; now is ${formatCivil(parseCivil("2026-11-22T12:00") as Civil)} UTC; reading the rule is part of each figure.`,
);
hostileTable();
table("Next occurrence after now", nextAfterNow);
table(`First ${page} occurrences`, firstPage);

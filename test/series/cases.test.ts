import { describe, it } from "node:test";
import { type History, live } from "./history.ts";
import type { Step } from "./steps.ts";

/*
 * Histories that broke a rule of docs/series.md once, each as short as it gets. The rules are held against every step, as in
 * model.test.ts.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const write = (scope: "this" | "following" | "all", pick: number): Step => ({
  kind: "write",
  field: "title",
  scope,
  pick,
});
const move = (days: number, time: string, scope: "this" | "following" | "all", pick: number): Step => ({
  kind: "move",
  days,
  time,
  scope,
  pick,
});
const edit = (fields: Extract<Step, { kind: "series" }>["edit"]): Step => ({ kind: "series", edit: fields, pick: 0 });
const command = (
  name: Extract<Step, { kind: "command" }>["command"],
  pick: number,
  scope?: "following" | "all",
): Step => ({ kind: "command", command: name, pick, ...(scope === undefined ? {} : { scope }) });
const undo: Step = { kind: "undo" };
const wait = (ms: number): Step => ({ kind: "wait", ms });

const daily = { pattern: "daily", due: "2026-03-03", basis: "schedule", zone: "Europe/Rome" } as const;
const byCompletion = { ...daily, pattern: "weekly", due: "2026-01-31T09:00", basis: "completion" } as const;
const atAnInstant = { ...daily, due: "2026-03-04T17:00:00Z" } as const;
const secondTuesday = "RRULE:FREQ=MONTHLY;BYDAY=2TU";
const twiceADay = "RRULE:FREQ=DAILY;BYHOUR=9,18";

const cases: readonly (History & { readonly name: string })[] = [
  {
    name: "a pattern that changes in a pause leaves the next date what an undo finds",
    ...daily,
    steps: [edit({ pauseDays: 1 }), edit({ pattern: secondTuesday }), command("complete", 0), undo],
  },
  {
    name: "a series that is paused, deleted and brought back has the same next date",
    ...daily,
    steps: [command("complete", 3), edit({ pauseDays: 1 }), command("delete", 0, "following"), undo],
  },
  {
    name: "a pattern that gains today's date leaves the coming one its id",
    ...daily,
    pattern: secondTuesday,
    steps: [edit({ pattern: "weekly" })],
  },
  {
    name: "by completion, a title for the following of a moved date makes no date beside it",
    ...byCompletion,
    steps: [command("complete", 0), move(1, "", "all", 0), write("following", 0)],
  },
  {
    name: "by completion, the undo of another pattern brings back no date beyond the end",
    ...byCompletion,
    pattern: secondTuesday,
    due: "2026-03-03",
    steps: [command("complete", 0), edit({ endDays: 8 }), edit({ pattern: "daily" }), undo],
  },
  {
    name: "a title for the following of an overdue date makes no done date again",
    ...daily,
    steps: [wait(3 * DAY), edit({ endDays: 0 }), command("complete", 5), write("following", 3)],
  },
  {
    name: "a title for the following of a date that the rule has left moves no date",
    ...daily,
    pattern: "custom:3d",
    steps: [wait(3 * DAY), move(4, "", "all", 0), command("complete", 5), write("following", 0)],
  },
  {
    name: "a title for the following keeps the zone of dates that are instants",
    ...atAnInstant,
    steps: [{ kind: "zone", zone: "Pacific/Auckland" }, wait(3 * DAY), write("following", 1)],
  },
  {
    name: "a series that ended before its first date takes a new title",
    ...daily,
    steps: [command("complete", 0), move(1, "", "all", 0), command("delete", 0, "following"), edit({ rename: true })],
  },
  {
    name: "the undo of a priority for all leaves the same priority of one date alone",
    ...daily,
    steps: [
      { kind: "write", field: "priority", scope: "this", pick: 0 },
      command("complete", 3),
      { kind: "write", field: "priority", scope: "all", pick: 0 },
      undo,
    ],
  },
  {
    name: "the undo of a deletion brings back every date that was open",
    ...daily,
    steps: [move(2, "", "all", 0), command("delete", 0, "following"), undo],
  },
  {
    name: "another way to catch up withdraws nothing that was moved in a pause",
    ...daily,
    steps: [edit({ pauseDays: 1 }), move(0, "T23:30", "following", 0), edit({ catchUp: "all" })],
  },
  {
    name: "another time leaves a date on the day to which all were moved",
    ...daily,
    steps: [move(1, "", "all", 3), edit({ time: "T10:30" })],
  },
  {
    name: "another time leaves a date before one that is done on its day",
    ...daily,
    steps: [move(2, "", "all", 0), command("complete", 3), edit({ time: "T09:00" })],
  },
  {
    name: "a day that is open again at another time has the id it had",
    ...byCompletion,
    pattern: "daily",
    steps: [command("complete", 0), undo, move(1, "", "all", 0), command("complete", 0), edit({ time: "T09:00" })],
  },
  {
    name: "a date that is left by one task is taken by no other in the same write",
    ...daily,
    due: "2026-03-03T09:00",
    steps: [move(-2, "T09:00", "all", 3)],
  },
  {
    name: "of two times a day, a split where the rule was moved away leaves no date behind",
    ...daily,
    pattern: twiceADay,
    steps: [edit({ time: "T10:30" }), write("following", 1)],
  },
  {
    name: "two dates to come of which one becomes today's stay two",
    ...daily,
    steps: [wait(7 * DAY - 9 * HOUR - 3), move(0, "T10:30", "all", 0), move(2, "", "following", 0)],
  },
  {
    name: "the undo of a skipped date withdraws the one that COUNT had room for meanwhile",
    ...daily,
    pattern: "RRULE:FREQ=DAILY;COUNT=4",
    steps: [command("complete", 3), wait(3 * DAY), { kind: "series command", command: "skip", pick: 0 }, undo],
  },
  {
    name: "a date that was restored after the end of its series takes a title for the following",
    ...daily,
    steps: [command("complete", 0), command("delete", 0, "following"), command("restore", 3), write("following", 0)],
  },
  {
    name: "the undo of a later end withdraws the date of today that it brought",
    ...daily,
    due: "2026-01-31T09:00",
    steps: [move(0, "", "following", 4), { kind: "series", edit: { endDays: 0 }, pick: 3 }, undo],
  },
  {
    name: "dates that are moved to earlier days take dates to come, and today's is made beside them",
    ...daily,
    due: "2026-03-05T18:00",
    steps: [wait(3 * DAY + 9 * HOUR - 2), move(3, "", "following", 0), move(-1, "", "all", 4)],
  },
  {
    name: "of two times a day, another minute brings no date that is past",
    ...daily,
    pattern: "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    due: "2026-03-03T09:00",
    steps: [wait(3 * DAY), edit({ pattern: twiceADay }), edit({ time: "T10:30" })],
  },
];

describe("a history that broke a rule once", () => {
  for (const { name, ...history } of cases) it(name, () => live(history));
});

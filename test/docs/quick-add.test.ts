import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parseCivil } from "../../src/domain/civil.ts";
import { parsePattern, sentence } from "../../src/domain/recurrence.ts";
import { english } from "../../src/domain/quick-add/english.ts";
import { parseQuickAdd, type QuickTask } from "../../src/domain/quick-add/quick-add.ts";

const now = { year: 2026, month: 11, day: 30, hour: 12, minute: 0, second: 0, ms: 0 };
const rows = readFileSync("docs/quick-add.md", "utf8")
  .split("\n")
  .flatMap((line) => /^\| `(.+)` \| (.+) \|$/.exec(line)?.slice(1) ?? [])
  .reduce<[string, string][]>((pairs, cell, index, cells) => {
    if (index % 2 === 0) pairs.push([cell, cells[index + 1] ?? ""]);
    return pairs;
  }, []);

/** What the page says of a task, in its own words. */
const said = ({ due_date, recurrence_pattern, priority, reminders = [] }: QuickTask): string => {
  const [reminder] = reminders;
  if (priority !== undefined) return `priority ${priority}`;
  if (reminder !== undefined) return `reminder ${reminder.offset ?? reminder.remind_at}`;
  const anchor = parseCivil(due_date ?? "");
  if (recurrence_pattern === undefined || anchor === undefined) return due_date ?? "";
  const parsed = parsePattern(recurrence_pattern, anchor);
  return parsed.ok ? `${due_date} | ${sentence(parsed.rule)}` : parsed.error.message;
};

describe("docs/quick-add.md", () => {
  it("has a row for every kind", () => assert.ok(rows.length > 60));

  for (const [phrase, meaning] of rows)
    it(phrase, () => {
      const context = { now, weekStart: 0, isDayFirst: true, allDayHour: 9, language: english };
      const { task } = parseQuickAdd(`Call mum ${phrase}`, context);
      assert.deepEqual([task.title, said(task)], ["Call mum", meaning]);
    });
});

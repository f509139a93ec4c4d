import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DomainError, type ProblemCode } from "../../contract/problem.ts";
import type { TaskReminder, WritableReminder } from "../../contract/reminder.ts";
import { parseDueDate } from "../due-date.ts";
import {
  acknowledgeReminder,
  addReminder,
  changeReminder,
  type EditContext,
  editReminders,
  removeReminder,
  snoozeReminder,
  withShortForm,
} from "./edits.ts";

const NOW = "2026-03-01T09:00:00.000Z";
const LATER = "2026-03-02T09:00:00.000Z";

const contextOf = (): EditContext => {
  let made = 0;
  return {
    now: Date.parse(NOW),
    zone: "Europe/Rome",
    allDayHour: 9,
    due: null,
    newId: () => `new-${(made += 1)}`,
  };
};

const reminder = (id: string, wish: Partial<TaskReminder>): TaskReminder => ({
  id,
  offset: null,
  remind_at: null,
  set_at: NOW,
  snoozed_from: null,
  acknowledged_at: null,
  ...wish,
});
const quarter = reminder("quarter", { offset: "PT15M" });
const hour = reminder("hour", { offset: "PT1H" });
const instant = reminder("instant", { remind_at: LATER });
const present = [quarter, hour, instant];

const brief = (list: readonly TaskReminder[]): string[] =>
  list.map(({ id, offset, remind_at }) => `${id} ${offset ?? remind_at}`);
const refuses =
  (code: ProblemCode, field?: string) =>
  (error: unknown): boolean =>
    error instanceof DomainError &&
    error.code === code &&
    (field === undefined || error.extras.errors?.[0]?.field === field);

describe("a whole list", () => {
  const edit = (reminders: WritableReminder[] | null): TaskReminder[] =>
    editReminders({ reminders: present }, { reminders }, contextOf());

  it("keeps what is for the same, in the order that is sent", () => {
    assert.deepEqual(edit([{ remind_at: "2026-03-02T10:00" }, { offset: "60 minutes" }]), [instant, hour]);
    assert.deepEqual(edit(present), present, "as it was read");
  });

  it("adds what is new, under the id that comes with it", () => {
    assert.deepEqual(brief(edit([{ offset: "1 day" }, { id: "mine", offset: "2 days" }])), ["new-1 P1D", "mine P2D"]);
  });

  it("changes the one whose id comes with another moment, and takes no other's place", () => {
    assert.deepEqual(brief(edit([{ id: "quarter", offset: "PT1H" }, { offset: "PT15M" }])), [
      "quarter PT1H",
      "new-1 PT15M",
    ]);
    assert.deepEqual(brief(edit([{ id: "quarter", remind_at: LATER }])), [`quarter ${LATER}`]);
    assert.deepEqual(
      brief(
        edit([
          { id: "quarter", offset: "PT1H" },
          { id: "hour", offset: "PT15M" },
        ]),
      ),
      ["quarter PT1H", "hour PT15M"],
    );
  });

  it("has each moment and each id once", () => {
    assert.deepEqual(
      brief(
        edit([
          { offset: "PT15M" },
          { offset: "15 minutes" },
          { id: "instant", offset: "P1D" },
          { id: "instant", offset: "P2D" },
        ]),
      ),
      ["quarter PT15M", "instant P1D"],
    );
  });

  it("empty or null removes all", () => assert.deepEqual([edit([]), edit(null)], [[], []]));

  it("names the place of what it refuses", () => {
    assert.throws(() => edit([{ offset: "PT1H" }, { offset: "soon" }]), refuses("validation", "reminders.1.offset"));
    assert.throws(() => edit([{ remind_at: "2026-03-01" }]), refuses("validation", "reminders.0.remind_at"));
    assert.throws(() => edit([{ offset: null, remind_at: null }]), refuses("validation", "reminders.0.offset"));
  });
});

describe("the short form", () => {
  it("is the first reminder that has an offset", () => {
    assert.deepEqual(brief(withShortForm([instant, quarter, hour], "P1D", contextOf())), [
      `instant ${LATER}`,
      "quarter P1D",
      "hour PT1H",
    ]);
    assert.deepEqual(withShortForm(present, null, contextOf()), [instant]);
    assert.deepEqual(brief(withShortForm([instant], "P1D", contextOf())), [`instant ${LATER}`, "new-1 P1D"]);
    assert.deepEqual(withShortForm(present, "PT15M", contextOf()), present);
    assert.deepEqual(
      brief(withShortForm(present, "PT1H", contextOf())),
      ["quarter PT1H", `instant ${LATER}`],
      "each moment once",
    );
  });

  it("that comes along with a list as it was read says nothing", () => {
    assert.deepEqual(
      editReminders({ reminders: present }, { reminders: [hour], reminder_offset: "PT15M" }, contextOf()),
      [hour],
    );
    assert.deepEqual(
      brief(editReminders({ reminders: present }, { reminders: present, reminder_offset: "P1D" }, contextOf())),
      ["quarter P1D", "hour PT1H", `instant ${LATER}`],
    );
    assert.deepEqual(
      brief(editReminders({}, { reminders: [{ offset: "PT15M" }], reminder_offset: "15 minutes" }, contextOf())),
      ["new-1 PT15M"],
    );
  });
});

describe("reminders of one moment", () => {
  const onTime = reminder("on-time", { offset: "PT0S" });
  const day = reminder("day", { offset: "P1D" });
  const due = parseDueDate("2026-03-02T10:00");
  assert.ok(due);
  const context = (): EditContext => ({ ...contextOf(), due });

  it("are one, however they are said", () => {
    for (const [list, sent, id] of [
      [[onTime], { remind_at: LATER }, "on-time"],
      [[instant], { offset: "0 minutes" }, "instant"],
      [[day], { offset: "24 hours" }, "day"],
      [[reminder("hours", { offset: "PT24H" })], { offset: "1 day" }, "hours"],
      [[reminder("week", { offset: "P1W" })], { offset: "7 days" }, "week"],
    ] as const) {
      assert.deepEqual(addReminder(list, sent, context()), { list, id });
      assert.deepEqual(editReminders({ reminders: [...list] }, { reminders: [sent] }, context()), list);
      assert.throws(() => changeReminder([...list, quarter], "quarter", sent, context()), refuses("conflict"));
    }
    const both = [{ offset: "0 minutes" }, { remind_at: LATER }, { offset: "1 day" }, { offset: "1440 minutes" }];
    assert.deepEqual(brief(editReminders({}, { reminders: both }, context())), ["new-1 PT0S", "new-2 P1D"]);
    assert.deepEqual(withShortForm([quarter, day], "PT24H", contextOf()), [{ ...quarter, offset: "PT24H" }]);
  });

  it("are two while they come to two", () => {
    assert.equal(addReminder([onTime], { remind_at: LATER }, contextOf()).list.length, 2, "without a due date");
    assert.equal(addReminder([day], { offset: "25 hours" }, context()).list.length, 2);
    assert.equal(addReminder([day], { offset: "1 month" }, context()).list.length, 2);
  });

  it("stay two when a move of the due date brought them together and the list is sent as it was read", () => {
    const reminders = [onTime, instant];
    assert.deepEqual(editReminders({ reminders }, { reminders }, context()), reminders);
  });

  it("put off to the moment of one before the due date leave that one as it is", () => {
    const { list, id } = snoozeReminder([quarter, onTime], "quarter", LATER, context());
    assert.deepEqual([id, list], ["on-time", [{ ...quarter, acknowledged_at: NOW }, onTime]]);
  });
});

describe("one reminder", () => {
  it("is added once", () => {
    assert.deepEqual(addReminder(present, { offset: "60 minutes" }, contextOf()), { list: present, id: "hour" });
    const { list, id } = addReminder(present, { remind_at: "2026-03-05T10:00" }, contextOf());
    assert.deepEqual([id, brief(list).at(-1)], ["new-1", "new-1 2026-03-05T09:00:00.000Z"]);
    assert.throws(() => addReminder(present, { offset: "P1D", id: "hour" }, contextOf()), refuses("conflict"));
    const many = Array.from({ length: 100 }, (_, index) => reminder(`r${index}`, { offset: `PT${index + 1}S` }));
    assert.throws(() => addReminder(many, { offset: "P1D" }, contextOf()), refuses("reminder_limit"));
  });

  it("that its user was done with is wanted again when it is added again or changed", () => {
    const done = { ...hour, acknowledged_at: NOW };
    assert.equal(addReminder([done], { offset: "PT1H" }, contextOf()).list[0]?.acknowledged_at, null);
    assert.equal(changeReminder([done], "hour", { offset: "PT2H" }, contextOf())[0]?.acknowledged_at, null);
    assert.deepEqual(changeReminder([done], "hour", { offset: "PT1H" }, contextOf()), [done]);
  });

  it("is changed to a moment of its own", () => {
    assert.throws(() => changeReminder(present, "hour", { offset: "PT15M" }, contextOf()), refuses("conflict"));
    assert.throws(
      () => changeReminder(present, "hour", { offset: "PT1M", remind_at: LATER }, contextOf()),
      refuses("validation", "remind_at"),
    );
  });

  it("is removed alone", () => assert.deepEqual(removeReminder(present, "hour"), [quarter, instant]));

  it("is acknowledged at the first time", () => {
    const once = acknowledgeReminder(present, "hour", { now: Date.parse(NOW) });
    assert.equal(once[1]?.acknowledged_at, NOW);
    assert.deepEqual(acknowledgeReminder(once, "hour", { now: Date.parse(LATER) }), once);
  });
});

describe("a snooze", () => {
  it("acknowledges the reminder, and what it was put off to before", () => {
    const first = snoozeReminder(present, "quarter", "2026-03-01T10:00:00.000Z", contextOf());
    assert.deepEqual(
      [first.id, first.list.at(-1)],
      ["new-1", reminder("new-1", { remind_at: "2026-03-01T10:00:00.000Z", snoozed_from: "quarter" })],
    );
    const second = snoozeReminder(first.list, "quarter", "2026-03-01T11:00:00.000Z", {
      ...contextOf(),
      newId: () => "new-2",
    });
    assert.deepEqual(
      second.list.filter(({ acknowledged_at }) => acknowledged_at !== null).map(({ id }) => id),
      ["quarter", "new-1"],
    );
  });

  it("to the moment of another reminder is that one", () => {
    const { list, id } = snoozeReminder(present, "quarter", LATER, contextOf());
    assert.deepEqual([id, list.length, list.find((one) => one.id === id)?.snoozed_from], ["instant", 3, "quarter"]);
    const itself = snoozeReminder([instant], "instant", LATER, contextOf());
    assert.deepEqual(itself.list, [instant], "to its own moment changes nothing");
  });

  it("is not for a moment that has passed", () =>
    assert.throws(() => snoozeReminder(present, "quarter", NOW, contextOf()), refuses("validation", "until")));
});

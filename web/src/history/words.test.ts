import assert from "node:assert/strict";
import { test } from "node:test";
import { clockAt } from "../time/due-date.ts";
import { actorWords, changeWords, offsetWords, valueWords } from "./words.ts";

const clock = clockAt(new Date("2027-03-10T08:00:00Z"), "Europe/Berlin");
const plain = (words: string): string => words.replaceAll(",", "");

test("actors are called as the reader knows them", () => {
  assert.equal(actorWords({ kind: "person", id: "me", name: "Ada" }, "me"), "You");
  assert.equal(actorWords({ kind: "person", id: "else", name: "Grace" }, "me"), "Grace");
  assert.equal(actorWords({ kind: "person", id: "else", name: null }, "me"), "Someone");
  assert.equal(actorWords({ kind: "token", id: "t", name: "Kitchen tablet" }, "me"), "Kitchen tablet (API token)");
  assert.equal(actorWords({ kind: "token", id: "t", name: null }, "me"), "A revoked token");
  assert.equal(actorWords({ kind: "agent", id: "a", name: "Helper" }, "me"), "Helper (agent)");
  assert.equal(actorWords({ kind: "system", id: "recurring-processor", name: null }, "me"), "TaskFlow");
});

test("values are written as people write them", () => {
  assert.equal(valueWords("due_date", null, clock), "none");
  assert.equal(plain(valueWords("due_date", "2027-03-12T09:00", clock)), "Fri 12 Mar 09:00");
  assert.equal(plain(valueWords("due_date", "2027-03-12T23:30:00Z", clock)), "Sat 13 Mar 00:30");
  assert.equal(valueWords("priority", "high", clock), "High");
  assert.equal(valueWords("priority", "constructor", clock), "constructor");
  assert.equal(valueWords("tags", ["home", "money"], clock), "home, money");
  assert.equal(valueWords("recurrence_text", "every day", clock), "every day");
});

test("reminders are told by their offset, or by their instant", () => {
  const reminder = {
    id: "r",
    offset: null,
    remind_at: "2027-03-10T07:30:00Z",
    set_at: "",
    snoozed_from: null,
    acknowledged_at: null,
  };
  assert.equal(offsetWords("PT15M"), "15 minutes before");
  assert.equal(offsetWords("P1DT2H"), "1 day 2 hours before");
  assert.equal(offsetWords("P1W"), "1 week before");
  assert.equal(offsetWords("PT0S"), "at the due time");
  assert.equal(
    valueWords("reminders", [{ ...reminder, offset: "PT1H", acknowledged_at: "2027-03-10T07:31:00Z" }], clock),
    "1 hour before (done)",
  );
  assert.match(
    valueWords("reminders", [{ ...reminder, offset: "PT1H" }, reminder], clock),
    /^1 hour before, 10 Mar 2027.*08:30$/,
  );
});

test("an entry's changes are one line", () => {
  const changes = {
    title: { old: "Rent", new: "Pay rent" },
    description: { old: null, new: "By card" },
    due_date: { old: "2027-03-12", new: "2027-03-15T09:00" },
    priority: { old: "medium", new: "high" },
  };
  assert.equal(
    plain(changeWords({ event_type: "task.updated", changes }, clock)),
    "Title was “Rent” · Description added · Due date Fri 12 Mar → Mon 15 Mar 09:00 · Priority Medium → High",
  );
  assert.equal(
    plain(changeWords({ event_type: "task.updated", changes: { due_date: { old: "2027-03-12", new: null } } }, clock)),
    "Due date Fri 12 Mar → none",
  );
  assert.equal(
    changeWords({ event_type: "task.updated", changes: { description: { old: "By card", new: "" } } }, clock),
    "Description removed",
  );
  assert.equal(
    changeWords({ event_type: "task.completed", changes: { status: { old: "pending", new: "completed" } } }, clock),
    "",
  );
});

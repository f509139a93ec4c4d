import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AuditEntry } from "../../contract/audit.ts";
import { csvField, csvHeader, csvLine } from "./csv.ts";
import {
  readIdCursor,
  readLogCursor,
  readSequenceCursor,
  writeIdCursor,
  writeLogCursor,
  writeSequenceCursor,
} from "./cursor.ts";
import { addMonths, monthOf, monthOfPartition, partitionOf } from "./partitions.ts";
import { isDue } from "./archive/retention.ts";

const entry: AuditEntry = {
  event_id: "01",
  event_type: "task.created",
  task_id: "02",
  task_title: "Milk, eggs",
  task_version: 1,
  user_id: "03",
  actor: { kind: "person", id: "03", name: null },
  timestamp: "2026-03-01T09:00:00.000Z",
  sequence: 1,
  changes: { title: { old: null, new: "Milk" } },
  correlation_id: "c",
  hash: null,
};

describe("CSV", () => {
  it("quotes what RFC 4180 asks for", () => {
    assert.equal(csvField("plain"), "plain");
    assert.equal(csvField('say "hi", now'), '"say ""hi"", now"');
    assert.equal(csvField("two\r\nlines"), '"two\r\nlines"');
    assert.equal(csvField(null), "");
    assert.equal(csvField(-3), "-3");
  });

  it("gives a spreadsheet no formula", () => {
    for (const begin of ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
      assert.equal(csvField(`${begin}1`), `"'${begin}1"`);
    assert.equal(csvField("1=1"), "1=1");
  });

  it("has a field for each column of the header", () => {
    assert.equal(
      csvLine(entry),
      '2026-03-01T09:00:00.000Z,task.created,02,"Milk, eggs",1,03,person,03,,1,"{""title"":{""old"":null,""new"":""Milk""}}",c,01,',
    );
    assert.equal(csvHeader.split(",").length, 14);
  });
});

describe("a cursor", () => {
  const id = "01902d6e-0000-7000-8000-000000000000";
  it("says where its page ended", () => {
    assert.deepEqual(readLogCursor(writeLogCursor({ timestamp: entry.timestamp, eventId: id })), {
      timestamp: entry.timestamp,
      eventId: id,
    });
    assert.equal(readSequenceCursor(writeSequenceCursor(7)), 7);
    assert.equal(readIdCursor(writeIdCursor(id)), id);
  });

  it("is refused by another list, and when it was made up", () => {
    for (const text of [
      "",
      "x",
      writeSequenceCursor(1),
      Buffer.from("[1").toString("base64url"),
      Buffer.from('["log","2026-13-01T00:00:00.000Z","x"]').toString("base64url"),
    ]) {
      assert.throws(() => readLogCursor(text), { code: "invalid_cursor" });
      assert.throws(() => readIdCursor(text), { code: "invalid_cursor" });
    }
    for (const text of [
      writeIdCursor(id),
      Buffer.from('["sequence",1e99]').toString("base64url"),
      Buffer.from('["sequence",-1]').toString("base64url"),
    ])
      assert.throws(() => readSequenceCursor(text), { code: "invalid_cursor" });
  });
});

describe("months", () => {
  it("are those of UTC, and go over the year", () => {
    assert.equal(monthOf("2026-01-31T23:59:59.999Z"), "2026-01");
    assert.deepEqual(
      [addMonths("2026-12", 1), addMonths("2026-01", -1), addMonths("2026-03", -24)],
      ["2027-01", "2025-12", "2024-03"],
    );
    assert.equal(monthOfPartition(partitionOf("2026-03")), "2026-03");
  });

  it("are due when all of them is older than the retention", () => {
    assert.deepEqual(
      ["2026-02", "2026-03", "2026-04"].map((month) => isDue(month, "2026-05", 1)),
      [true, true, false],
    );
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DomainError } from "../../../contract/problem.ts";
import { readCursor, type SortBy, type SortOrder, writeCursor } from "./list-cursor.ts";

const id = "0198a000-0000-7000-8000-000000000001";
const counted = { total: 7, of: "these" };
const isRefused = (error: unknown): boolean => error instanceof DomainError && error.code === "invalid_cursor";
const sorts: readonly SortBy[] = ["due_date", "priority", "created_at", "completed_at", "title"];
const orders: readonly SortOrder[] = ["asc", "desc"];
const usual: Record<SortBy, string> = {
  due_date: "2026-03-01 09:00:00",
  priority: "2",
  created_at: "2026-03-01 09:00:00.123",
  completed_at: "2026-03-01 09:00:00",
  title: "a title",
};

describe("a cursor", () => {
  it("is read as it was written, by the order it belongs to and no other", () => {
    for (const by of sorts)
      for (const order of orders) {
        const cursor = { value: usual[by], id, counted };
        const text = writeCursor(by, order, cursor);
        assert.deepEqual(readCursor(text, by, order), cursor);
        for (const other of sorts) if (other !== by) assert.throws(() => readCursor(text, other, order), isRefused);
        assert.throws(() => readCursor(text, by, order === "asc" ? "desc" : "asc"), isRefused);
      }
  });

  it("may stand at what has no instant, which is last in its order", () => {
    for (const by of ["due_date", "completed_at"] as const)
      for (const [order, last, other] of [
        ["asc", "infinity", "-infinity"],
        ["desc", "-infinity", "infinity"],
      ] as const) {
        assert.equal(readCursor(writeCursor(by, order, { value: last, id, counted }), by, order).value, last);
        assert.throws(() => readCursor(writeCursor(by, order, { value: other, id, counted }), by, order), isRefused);
      }
  });

  it("holds any title the database can hold", () => {
    const titles = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
    fc.assert(
      fc.property(titles, (value) =>
        assert.deepEqual(readCursor(writeCursor("title", "asc", { value, id, counted }), "title", "asc"), {
          value,
          id,
          counted,
        }),
      ),
    );
  });

  const values: readonly (readonly [by: SortBy, value: unknown])[] = [
    ["title", "a\0b"],
    ["title", 7],
    ["title", null],
    ["priority", "3"],
    ["priority", "-1"],
    ["priority", ""],
    ["priority", "1; DROP TABLE tasks"],
    ["created_at", ""],
    ["created_at", "now"],
    ["created_at", "-infinity"],
    ["created_at", "2026-02-30 09:00:00"],
    ["created_at", "2026-13-01 09:00:00"],
    ["created_at", "2026-03-01 25:00:00"],
    ["created_at", "2026-03-01 09:00:60"],
    ["created_at", "0000-01-01 00:00:00"],
    ["created_at", "99999-01-01 00:00:00"],
    ["created_at", "2026-03-01 09:00:00.1234567"],
    ["created_at", "2026-03-01 09:00:00+99"],
    ["created_at", "2026-03-01T09:00:00Z"],
    ["due_date", "2026-03-01"],
    ["completed_at", {}],
  ];
  for (const [by, value] of values)
    it(`of ${by} cannot hold ${JSON.stringify(value)}`, () => {
      assert.throws(
        () =>
          readCursor(Buffer.from(JSON.stringify([by, "asc", value, id, 7, "these"])).toString("base64url"), by, "asc"),
        isRefused,
      );
    });

  it("has an id that is one", () => {
    for (const other of ["", "x", id.toUpperCase(), `${id}'`, 1, null, [id]])
      assert.throws(
        () =>
          readCursor(
            Buffer.from(JSON.stringify(["title", "asc", "x", other, 7, "these"])).toString("base64url"),
            "title",
            "asc",
          ),
        isRefused,
      );
  });

  it("has a count of something", () => {
    for (const rest of [
      [],
      [7],
      ["7", "these"],
      [-1, "these"],
      [0.5, "these"],
      [2 ** 53, "these"],
      [null, "these"],
      [7, null],
      [7, 7],
    ])
      assert.throws(
        () =>
          readCursor(
            Buffer.from(JSON.stringify(["title", "asc", "x", id, ...rest])).toString("base64url"),
            "title",
            "asc",
          ),
        isRefused,
      );
  });

  it("is refused whatever else it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) =>
        assert.throws(() => readCursor(text, "title", "asc"), isRefused),
      ),
    );
    fc.assert(
      fc.property(fc.json(), (json) =>
        assert.throws(() => readCursor(Buffer.from(json).toString("base64url"), "title", "asc"), isRefused),
      ),
    );
  });
});

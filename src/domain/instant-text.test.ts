import assert from "node:assert/strict";
import { it } from "node:test";
import { isInstantText } from "./instant-text.ts";

it("an instant is known by its form, and by being in the calendar", () => {
  for (const text of ["2026-03-01T09:00:00.000Z", "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"])
    assert.equal(isInstantText(text), true, text);
  for (const value of [
    "2026-02-30T00:00:00.000Z",
    "0000-01-01T00:00:00.000Z",
    "+010000-01-01T00:00:00.000Z",
    "2026-03-01T09:00:00Z",
    "2026-03-01T09:00:00.000+00:00",
    "2026-03-01",
    "",
    "now",
    1,
    null,
    undefined,
  ])
    assert.equal(isInstantText(value), false, String(value));
});

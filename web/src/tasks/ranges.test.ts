import assert from "node:assert/strict";
import { test } from "node:test";
import { allOf, nothingSelected, rangedTo, toggled, type Selection } from "./ranges.ts";

const order = ["a", "b", "c", "d", "e"];
const ids = ({ selected }: Selection): string => order.filter((id) => selected.has(id)).join("");

test("a row is selected and unselected, and is where the next range begins", () => {
  const one = toggled(nothingSelected, "b");
  assert.equal(ids(one), "b");
  assert.equal(ids(rangedTo(one, order, "a", "d")), "bcd");
  assert.equal(ids(toggled(one, "b")), "");
});

test("a range grows and shrinks on both sides of its anchor, and keeps what was selected before it", () => {
  const begun = toggled(toggled(nothingSelected, "e"), "b");
  const grown = rangedTo(begun, order, "b", "d");
  assert.equal(ids(grown), "bcde");
  const shrunk = rangedTo(grown, order, "b", "c");
  assert.equal(ids(shrunk), "bce");
  assert.equal(ids(rangedTo(shrunk, order, "b", "a")), "abe");
});

test("without an anchor among the rows a range begins where the keyboard is", () => {
  assert.equal(ids(rangedTo(nothingSelected, order, "b", "c")), "bc");
  assert.equal(ids(rangedTo(toggled(nothingSelected, "gone"), order, "d", "c")), "cd");
  assert.equal(ids(rangedTo(nothingSelected, order, "gone", "c")), "");
});

test("all is every row of the list", () => assert.equal(ids(allOf(order)), "abcde"));

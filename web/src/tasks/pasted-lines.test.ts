import assert from "node:assert/strict";
import { test } from "node:test";
import { maxTitleLength, titlesIn } from "./pasted-lines.ts";

test("every line is a title, whatever ends it", () => {
  assert.deepEqual(titlesIn("Milk\r\nBread\n\n  Butter  \rEggs\n"), ["Milk", "Bread", "Butter", "Eggs"]);
});

test("what marks a list is not part of the title", () => {
  assert.deepEqual(titlesIn("- Milk\n* Bread\n• Butter\n1. Eggs\n2) Salt\n- [ ] Tea\n[x] Coffee"), [
    "Milk",
    "Bread",
    "Butter",
    "Eggs",
    "Salt",
    "Tea",
    "Coffee",
  ]);
});

test("a dash or number that belongs to the title stays", () => {
  assert.deepEqual(titlesIn("2026 plan\n-40 degrees\n3.5 metres of rope"), [
    "2026 plan",
    "-40 degrees",
    "3.5 metres of rope",
  ]);
});

test("a title is no longer than the contract allows", () => {
  assert.equal(titlesIn("x".repeat(1000))[0]?.length, maxTitleLength);
});

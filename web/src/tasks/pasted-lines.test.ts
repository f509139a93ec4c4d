import assert from "node:assert/strict";
import { test } from "node:test";
import { excessOf, MAX_TITLE_LENGTH, taskOfLine, titlesIn } from "./pasted-lines.ts";

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

test("a line that is longer than a title may be loses nothing: it is whole in the description", () => {
  const line = "😀".repeat(MAX_TITLE_LENGTH + 1);
  const { title, description } = taskOfLine(line);
  assert.equal([...title].length, MAX_TITLE_LENGTH);
  assert.equal(description, line);
  assert.deepEqual(taskOfLine("x".repeat(MAX_TITLE_LENGTH)), { title: "x".repeat(MAX_TITLE_LENGTH) });
});

test("what a title is too long by is counted as the server does: by character, without the space around", () => {
  assert.equal(excessOf("😀".repeat(MAX_TITLE_LENGTH)), 0);
  assert.equal(excessOf(`  ${"x".repeat(MAX_TITLE_LENGTH)}  `), 0);
  assert.equal(excessOf("x".repeat(MAX_TITLE_LENGTH + 12)), 12);
});

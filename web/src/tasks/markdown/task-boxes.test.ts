import assert from "node:assert/strict";
import { test } from "node:test";
import { hostileTexts } from "./hostile-texts.ts";
import { parseMarkdown, type MarkdownNode, type TaskBox } from "./parse.ts";
import { toggleTaskBox } from "./task-boxes.ts";

const boxesOf = (nodes: readonly MarkdownNode[]): TaskBox[] =>
  nodes.flatMap((node) => ("children" in node ? boxesOf(node.children) : node.kind === "task-box" ? [node] : []));

const boxes = (text: string): TaskBox[] => boxesOf(parseMarkdown(text) ?? []);

test("a box is ticked and unticked in its line, and nothing else changes", () => {
  const text = "Pack:\r\n\r\n* [ ] socks [ ]\r\n> 12) [X] hat\n";
  assert.equal(toggleTaskBox(text, 2), "Pack:\r\n\r\n* [x] socks [ ]\r\n> 12) [X] hat\n");
  assert.equal(toggleTaskBox(text, 3), "Pack:\r\n\r\n* [ ] socks [ ]\r\n> 12) [ ] hat\n");
  assert.equal(toggleTaskBox(toggleTaskBox(text, 2), 2), text);
});

test("a line without a box, or none, changes nothing", () => {
  assert.equal(toggleTaskBox("a\nb", 1), "a\nb");
  assert.equal(toggleTaskBox("a\nb", 7), "a\nb");
});

test("every box of every text is turned by its own line, and only it", () => {
  const texts = [
    ["- [ ] a", "1. [x] a\n2. [ ] b", "- a\n  - [ ] b\n\n  - [x] c", "> - [ ] a\n> - [ ] b", "-\n  [ ] a"],
    ["- - [ ] a", "- [ ] a\r- [ ] b\r\n- [x] c", "\t- [ ] code", "```\n- [ ] code\n```\n- [ ] a"],
    hostileTexts,
  ].flat();
  for (const text of texts) {
    const before = boxes(text);
    for (const [index, { line }] of before.slice(0, 5).entries()) {
      const after = boxes(toggleTaskBox(text, line));
      const expected = before.map((box, at) => (at === index ? { ...box, isChecked: !box.isChecked } : box));
      assert.deepEqual(after, expected, JSON.stringify(text.slice(0, 80)));
    }
  }
});

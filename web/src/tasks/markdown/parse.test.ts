import assert from "node:assert/strict";
import { test } from "node:test";
import { hostileTexts } from "./hostile-texts.ts";
import { parseMarkdown, type MarkdownNode } from "./parse.ts";

const flat = (nodes: readonly MarkdownNode[]): MarkdownNode[] =>
  nodes.flatMap((node) => ["children" in node ? flat(node.children) : [], node].flat());

const kindsOf = (text: string): string[] => flat(parseMarkdown(text) ?? []).map(({ kind }) => kind);

const wordsOf = (text: string): string =>
  flat(parseMarkdown(text) ?? [])
    .map((node) => ("text" in node ? node.text : node.kind === "line-end" ? "\n" : ""))
    .join("");

const knownTags = "p blockquote li strong em del h3 h4 h5 h6 table thead tbody tr th td".split(" ");

test("whatever a text asks for, only known elements and addresses of the web come out of it", () => {
  assert.ok(hostileTexts.length >= 200, `${hostileTexts.length} texts`);
  for (const text of hostileTexts) {
    for (const node of flat(parseMarkdown(text) ?? [])) {
      if (node.kind === "element") assert.ok(knownTags.includes(node.tag), `${node.tag} of ${text}`);
      if (node.kind === "link") assert.match(node.href, /^(?:https?|mailto|tel):/, text);
      if (node.kind === "picture" && node.src !== null) assert.match(node.src, /^(?:https?|mailto|tel):/, text);
    }
  }
});

test("what a fence is opened with is no attribute of anything", () => {
  assert.deepEqual(parseMarkdown('```x style="color:red"\nhello\n```'), [{ kind: "code-block", text: "hello\n" }]);
});

test("HTML is text", () => {
  assert.equal(wordsOf("<b onclick=a>bold</b>"), "<b onclick=a>bold</b>");
  assert.equal(wordsOf("<script>a</script>"), "<script>a</script>");
});

test("a single line end stays one", () => {
  assert.equal(wordsOf("one\ntwo"), "one\ntwo");
  assert.deepEqual(kindsOf("one\ntwo"), ["text", "line-end", "text", "group", "element"]);
});

test("a list with boxes knows the line and the words of each", () => {
  const text = "Pack:\n\n- [ ] socks\n- [x] shirts\n  - [X] the *blue* one\n\n> 1. [ ] hat";
  const boxes = flat(parseMarkdown(text) ?? []).filter(({ kind }) => kind === "task-box");
  assert.deepEqual(
    boxes,
    [
      { kind: "task-box", isChecked: false, line: 2, label: "socks" },
      { kind: "task-box", isChecked: true, line: 4, label: "the *blue* one" },
      { kind: "task-box", isChecked: true, line: 3, label: "shirts" },
      { kind: "task-box", isChecked: false, line: 6, label: "hat" },
    ].toSorted((a, b) => a.line - b.line),
  );
  assert.equal(wordsOf("- [ ] socks"), "socks");
  for (const label of [
    "*blue*",
    "**two** pairs",
    "`code`",
    "[a link](https://example.org)",
    "![p](https://example.org/p.png)",
  ])
    assert.ok(kindsOf(`- [ ] ${label}`).includes("task-box"), label);
});

test("brackets elsewhere are no boxes", () => {
  for (const text of ["[ ] alone", "- a [ ] b", "- [ ]", "- [y] b", "- `[ ] a`", "- [x](https://example.org) a"])
    assert.ok(!kindsOf(text).includes("task-box"), text);
});

test("addresses are links, names of files are not", () => {
  const hrefs = (text: string): string[] =>
    flat(parseMarkdown(text) ?? []).flatMap((node) => (node.kind === "link" ? node.href : []));
  assert.deepEqual(hrefs("See https://example.org/a_b and [this](https://example.com)."), [
    "https://example.org/a_b",
    "https://example.com/",
  ]);
  assert.deepEqual(hrefs("README.md, run.sh, [here](/today), [there](other)"), []);
});

test("a text that is nested too deep is left as it was written", () => {
  assert.equal(parseMarkdown(">".repeat(100)), null);
  assert.equal(parseMarkdown("1. ".repeat(100)), null);
  assert.notEqual(parseMarkdown(`${">".repeat(8)} a`), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { readTitle, titleParts, webAddress } from "./addresses.ts";
import { hostileTexts } from "./hostile-texts.ts";

test("links in a title: bare ones, without what ends the sentence, and those with words", () => {
  assert.deepEqual(titleParts("Read https://example.org/a, then [the news](https://example.com/)"), [
    { text: "Read ", href: null },
    { text: "example.org/a", href: "https://example.org/a" },
    { text: ", then ", href: null },
    { text: "the news", href: "https://example.com/" },
  ]);
  assert.equal(
    readTitle("Read https://example.org/a, then [the news](https://example.com/)"),
    "Read example.org/a, then the news",
  );
});

test("a title without links is one part, as it is", () => {
  for (const title of ["Pay rent", "a [b] (c)", "[x](javascript:alert)", "https://", "[ ](x)", "see //example.org"])
    assert.deepEqual(titleParts(title), [{ text: title, href: null }]);
});

test("a long address is shortened to be read, not to be followed", () => {
  const address = `https://example.org/${"a".repeat(100)}`;
  const [part] = titleParts(address);
  assert.equal(part?.href, address);
  assert.equal(part?.text.length, 40);
});

test("no title leads to anything but the web", () => {
  for (const text of hostileTexts)
    for (const { href } of titleParts(text.slice(0, 255))) if (href !== null) assert.match(href, /^https?:/);
  assert.equal(webAddress("java\tscript:alert(1)"), null);
  assert.equal(webAddress("data:text/html,x"), null);
});

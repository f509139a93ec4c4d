import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isBlank, visibleText } from "./visible-text.ts";

describe("a text", () => {
  const invisible: Readonly<Record<string, string>> = {
    nothing: "",
    spaces: " \t\n\u00a0\u2003\u3000\u1680",
    "line and paragraph separators": "\u2028\u2029",
    "zero-width space, joiner and non-joiner": "\u200b\u200c\u200d\u2060\ufeff",
    "directional marks": "\u200e\u200f\u202a\u202e\u2066\u2069",
    "soft hyphen": "\u00ad",
    "Hangul fillers": "\u115f\u1160\u3164\uffa0",
    "Braille blank": "\u2800",
    "Mongolian vowel separator": "\u180e",
    "combining grapheme joiner": "\u034f",
    "variation selectors": "\ufe0f\u{e0100}",
    "tag characters": "\u{e0020}\u{e007f}",
    controls: "\u0001\u0007\u0085",
    "all at once": " \u200b\u3164\u2800\ufe0f ",
  };
  for (const [what, text] of Object.entries(invisible))
    it(`of ${what} is blank`, () => {
      assert.equal(isBlank(text), true);
      assert.equal(visibleText(text), "");
    });

  for (const text of ["a", "\u200ba", "👨‍👩‍👧", "한", "⠁", "\u0301", "·", "ع", "नि"])
    it(`${JSON.stringify(text)} is not, and stays as it is`, () => {
      assert.equal(isBlank(text), false);
      assert.equal(visibleText(` ${text} `), text);
    });
});

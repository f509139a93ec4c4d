import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "./canonical-json.ts";

describe("canonical JSON", () => {
  it("sorts members by their UTF-16 units and leaves no white space (RFC 8785 §3.2.3)", () => {
    const value = {
      "\u20ac": "Euro",
      "\r": "CR",
      "\ufb33": "Dalet",
      "1": "One",
      "\ud83d\ude00": "Smiley",
      "\u0080": "Control",
      "\u00f6": "o",
    };
    assert.equal(
      canonicalJson(value),
      '{"\\r":"CR","1":"One","\u0080":"Control","\u00f6":"o","\u20ac":"Euro","\ud83d\ude00":"Smiley","\ufb33":"Dalet"}',
    );
  });

  it("writes numbers and literals as RFC 8785 §3.2.2 does", () => {
    assert.equal(
      canonicalJson([333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, null, true, false]),
      "[333333333.3333333,1e+30,4.5,0.002,1e-27,null,true,false]",
    );
  });

  it("leaves out what is undefined", () => {
    assert.equal(canonicalJson({ a: undefined, b: { d: 1, c: [undefined, {}] } }), '{"b":{"c":[null,{}],"d":1}}');
  });

  it("says the same of equal values, whatever order their members came in, and loses nothing", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        assert.equal(canonicalJson(reversed), canonicalJson(value));
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

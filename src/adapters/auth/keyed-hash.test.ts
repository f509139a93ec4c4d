import assert from "node:assert/strict";
import { it } from "node:test";
import { createKeyedHash } from "./keyed-hash.ts";

const secret = "a secret of at least thirty-two bytes";

it("a keyed hash is the same for the same secret, purpose and text, and another for any other", () => {
  const one = createKeyedHash(secret).hash("undo handle", "text");
  assert.equal(one.length, 32);
  assert.deepEqual(createKeyedHash(secret).hash("undo handle", "text"), one);
  for (const other of [
    createKeyedHash(secret).hash("undo handle", "texts"),
    createKeyedHash(secret).hash("refresh token", "text"),
    createKeyedHash(`${secret}!`).hash("undo handle", "text"),
  ])
    assert.notDeepEqual(other, one);
});

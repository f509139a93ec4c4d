import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addressKey, trustOf } from "./client-address.ts";

describe("what limits count by", () => {
  const keys = {
    "192.0.2.1": "192.0.2.1",
    "::ffff:192.0.2.1": "192.0.2.1",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
    "2001:0db8:0001:0002::": "2001:db8:1:2::/64",
    "2001:db8::1": "2001:db8:0:0::/64",
    "::1": "0:0:0:0::/64",
    "fe80::1%eth0": "fe80:0:0:0::/64",
    "not an address": "not an address",
  };
  for (const [address, key] of Object.entries(keys))
    it(`of ${address} is ${key}`, () => assert.equal(addressKey(address), key));
});

describe("the nearest proxy", () => {
  const trusted = trustOf("nearest");
  assert.ok(typeof trusted === "function");
  it("is believed in a private network", () => {
    for (const address of ["127.0.0.1", "::1", "10.1.2.3", "::ffff:172.16.0.9", "fd00::1"])
      assert.equal(trusted(address, 0), true, address);
  });
  it("is nobody from outside, and nobody further away", () => {
    for (const address of ["203.0.113.1", "172.32.0.1", "2001:db8::1", "nonsense"])
      assert.equal(trusted(address, 0), false, address);
    assert.equal(trusted("127.0.0.1", 1), false);
  });
});

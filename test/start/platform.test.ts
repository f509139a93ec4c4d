import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { findBinaries } from "../../src/adapters/db/embedded/binaries.ts";

test("a platform without a binary is told to bring a server", () => {
  for (const [platform, arch] of [
    ["linux", "s390x"],
    ["freebsd", "x64"],
    ["win32", "x64"],
  ] as const) {
    assert.throws(
      () => findBinaries(platform, arch),
      new RegExp(`no embedded PostgreSQL for ${platform}-${arch}; set DATABASE_URL`),
    );
  }
});

test("this machine's binaries are there, with their version", () => {
  const { postgres, initdb, major } = findBinaries();
  assert.ok(existsSync(postgres) && existsSync(initdb));
  assert.ok(major >= 18);
});

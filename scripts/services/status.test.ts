import assert from "node:assert/strict";
import { test } from "node:test";
import { changes, inWords, statusPage } from "./status.ts";

const chat = { name: "chat-api", url: "http://127.0.0.1:8000", missing: [], restarts: 0 };
const audit = { name: "audit-logger", url: "http://127.0.0.1:8004", missing: undefined, restarts: 0 };

test("a state says what is missing and how often it was started again", () => {
  assert.equal(inWords(chat), "ready");
  assert.equal(inWords(audit), "does not answer");
  assert.equal(
    inWords({ missing: ["the database does not answer", "no relay"], restarts: 1 }),
    "not ready: the database does not answer; no relay (started again 1 time)",
  );
  assert.equal(inWords({ missing: [], restarts: 2 }), "ready (started again 2 times)");
});

test("the page has a line for each service in columns, and the notes", () => {
  const lines = statusPage([chat, audit], ["Ctrl-C stops everything."]).split("\n");
  assert.ok(lines.includes("  chat-api      http://127.0.0.1:8000  ready"));
  assert.ok(lines.includes("  audit-logger  http://127.0.0.1:8004  does not answer"));
  assert.ok(lines.includes("  Ctrl-C stops everything."));
});

test("only what changed is a line", () => {
  assert.deepEqual(changes([], [chat]), ["chat-api at http://127.0.0.1:8000: ready"]);
  assert.deepEqual(changes([chat, audit], [chat, { ...audit, missing: [] }]), [
    "audit-logger at http://127.0.0.1:8004: ready",
  ]);
  assert.deepEqual(changes([chat, audit], [chat, audit]), []);
});

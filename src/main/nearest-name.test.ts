import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestName } from "./nearest-name.ts";

const names = ["TASKFLOW_PORT", "TASKFLOW_HOST", "TASKFLOW_DATA_DIR"];

test("a slip of the keyboard finds the name that was meant", () => {
  assert.equal(nearestName("TASKFLOW_PROT", names), "TASKFLOW_PORT");
  assert.equal(nearestName("TASKFLOW_DATADIR", names), "TASKFLOW_DATA_DIR");
  assert.equal(nearestName("srve", ["serve"]), "serve");
});

test("what resembles nothing finds nothing", () => {
  assert.equal(nearestName("TASKFLOW_COLOUR_SCHEME", names), undefined);
  assert.equal(nearestName("", names), undefined);
  assert.equal(nearestName("TASKFLOW_PORT", []), undefined);
});

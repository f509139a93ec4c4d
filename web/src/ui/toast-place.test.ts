import assert from "node:assert/strict";
import { test } from "node:test";
import { toastPlace, type Box } from "./toast-place.ts";

const screen = { width: 1440, height: 900 };
const toasts = { width: 400, height: 44 };
const box = (left: number, top: number, right: number, bottom: number): Box => ({ left, top, right, bottom });

test("toasts stand at the lower edge, where nothing is", () => {
  assert.equal(toastPlace({ screen, toasts, obstacles: [] }), 20);
});

test("they stand above a bar at the bottom, and above several", () => {
  const bar = box(420, 830, 1020, 880);
  assert.equal(toastPlace({ screen, toasts, obstacles: [bar] }), 78);
  assert.equal(toastPlace({ screen, toasts, obstacles: [bar, box(0, 770, 1440, 822)] }), 138);
});

test("what is beside them or well above them is not in the way", () => {
  assert.equal(toastPlace({ screen, toasts, obstacles: [box(1060, 0, 1440, 900)] }), 20);
  assert.equal(toastPlace({ screen, toasts, obstacles: [box(420, 100, 1020, 600)] }), 20);
});

test("between a dialog and a bar there may be room", () => {
  assert.equal(toastPlace({ screen, toasts, obstacles: [box(420, 830, 1020, 880), box(420, 100, 1020, 760)] }), 78);
});

test("a dialog that reaches to the lower edge has them above it; one that fills the screen has them at the top", () => {
  const phone = { width: 390, height: 844 };
  assert.equal(
    toastPlace({ screen: phone, toasts: { width: 366, height: 44 }, obstacles: [box(0, 300, 390, 844)] }),
    552,
  );
  assert.equal(
    toastPlace({ screen: phone, toasts: { width: 366, height: 44 }, obstacles: [box(0, 0, 390, 844)] }),
    792,
  );
});

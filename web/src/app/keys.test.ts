import assert from "node:assert/strict";
import { test } from "node:test";
import { createKeyReader, nameOf, type Press } from "./keys.ts";

const press = (key: string, modifiers: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});
const reader = () => createKeyReader(new Set(["e", "j", "Shift j", "?", "Delete", "Ctrl k", "g t", "g u", "t"]));

test("keys, chords and named keys are read; Cmd is Ctrl", () => {
  const read = reader();
  assert.equal(read(press("e"), 0), "e");
  assert.equal(read(press("E"), 0), "e");
  assert.equal(read(press("?", { shiftKey: true }), 0), "?");
  assert.equal(read(press("Delete"), 0), "Delete");
  assert.equal(read(press("k", { ctrlKey: true }), 0), "Ctrl k");
  assert.equal(read(press("k", { metaKey: true }), 0), "Ctrl k");
});

test("a modifier alone, Alt and what is not bound are nothing", () => {
  const read = reader();
  assert.equal(nameOf(press("Control", { ctrlKey: true })), null);
  assert.equal(nameOf(press("e", { altKey: true })), null);
  assert.equal(read(press("y"), 0), null);
  assert.equal(read(press("e", { ctrlKey: true }), 0), null);
});

test("a letter with Shift is a key of its own, whatever Caps Lock says", () => {
  const read = reader();
  assert.equal(read(press("J", { shiftKey: true }), 0), "Shift j");
  assert.equal(read(press("j", { shiftKey: true }), 0), "Shift j");
  assert.equal(read(press("J"), 0), "j");
  assert.equal(read(press("E", { shiftKey: true }), 0), null);
  assert.equal(nameOf(press("Z", { shiftKey: true, ctrlKey: true })), "Ctrl Shift z");
  assert.equal(nameOf(press("Delete", { shiftKey: true })), "Delete");
});

test("a sequence is its second key soon after the first", () => {
  const read = reader();
  assert.equal(read(press("g"), 0), null);
  assert.equal(read(press("t"), 500), "g t");
  assert.equal(read(press("t"), 600), "t");
});

test("too late, the second key stands for itself", () => {
  const read = reader();
  read(press("g"), 0);
  assert.equal(read(press("t"), 5000), "t");
});

test("a wrong second key ends the sequence", () => {
  const read = reader();
  read(press("g"), 0);
  assert.equal(read(press("e"), 100), "e");
  assert.equal(read(press("u"), 200), null);
});

test("Shift pressed between the two keys does not end it", () => {
  const read = reader();
  read(press("g"), 0);
  read(press("Shift"), 50);
  assert.equal(read(press("u"), 100), "g u");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { notificationFrame, type Frame } from "./frame.ts";
import { createPace } from "./pace.ts";
import { createRegistry } from "./registry.ts";
import { createWriter } from "./writer.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const metrics = { count() {}, gauge() {}, observe() {} };

const create = (context: {
  mock: { timers: { enable(options: { apis: ["setTimeout"] }): void; tick(ms: number): void } };
}) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const clock = { at: 1_000_000, now: () => clock.at };
  const written: { event: string; data: { count?: number; since?: string } }[] = [];
  const room = { left: Infinity };
  const stream = createRegistry(3, 1).add("ada");
  stream.phase = "live";
  stream.peer = {
    write: ({ message }: Frame) => {
      written.push(JSON.parse(message.toString()) as (typeof written)[number]);
      return (room.left -= 1) > 0;
    },
    beat: () => true,
    destroySoon() {},
    signOut() {},
    destroy() {},
  };
  const writer = createWriter({ clock, log: silent, metrics });
  const pace = createPace({ clock, writer });
  const send = (count: number): void => {
    for (let sent = 0; sent < count; sent += 1) pace.send(stream, notificationFrame("{}"), clock.at);
  };
  const pass = (ms: number): void => {
    clock.at += ms;
    context.mock.timers.tick(ms);
  };
  const events = () => written.map(({ event }) => event);
  const told = () => written.reduce((sum, { event, data }) => sum + (event === "coalesced" ? (data.count ?? 0) : 1), 0);
  return { stream, pace, writer, send, pass, events, told, written, room };
};

test("ten in a second are sent one by one, the rest as one number at the end of the second", (context) => {
  const { send, pass, events, told, written } = create(context);
  send(25);
  assert.deepEqual(
    events(),
    Array.from({ length: 10 }, () => "notification"),
  );
  pass(999);
  send(1);
  assert.equal(events().length, 10);
  pass(1);
  assert.deepEqual(written.at(-1), {
    event: "coalesced",
    data: { type: "coalesced", count: 16, since: new Date(1_000_000).toISOString() },
  });
  assert.equal(told(), 26);
});

test("ten in each of many seconds are all sent one by one", (context) => {
  const { send, pass, events } = create(context);
  for (let second = 0; second < 5; second += 1) {
    send(10);
    pass(1_000);
  }
  assert.deepEqual(
    events(),
    Array.from({ length: 50 }, () => "notification"),
  );
});

test("a reader that has had enough is told how many it has missed when it reads again", (context) => {
  const { stream, pace, writer, send, pass, events, told, room } = create(context);
  room.left = 3;
  send(8);
  pass(60_000);
  assert.deepEqual(events(), ["notification", "notification", "notification"]);
  assert.equal(stream.phase, "full");
  room.left = Infinity;
  writer.drained(stream);
  stream.phase = "live";
  pace.resume(stream);
  pass(1_000);
  assert.deepEqual(events().slice(3), ["coalesced"]);
  assert.equal(told(), 8);
});

test("what comes before a stream is open is told when it is", (context) => {
  const { stream, pace, send, pass, events, told } = create(context);
  stream.phase = "opening";
  send(2);
  stream.phase = "replaying";
  pace.resume(stream);
  pass(1_000);
  assert.deepEqual([events(), told()], [["coalesced"], 2]);
});

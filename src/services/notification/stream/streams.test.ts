import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import type { TaskFlowEvent } from "../../../contract/event.ts";
import type { EventLog } from "../../../ports.ts";
import { createRegistry } from "./registry.ts";
import { createReplay } from "./replay.ts";
import { createRounds } from "./rounds.ts";
import type { Peer, Stream } from "./stream.ts";
import { createStreams } from "./streams.ts";
import { createWriter } from "./writer.ts";

const user = "ada";
const opener = { userId: user, credentialId: "session" };
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const metrics = { count() {}, gauge() {}, observe() {} };
const eventOf = (sequence: number): TaskFlowEvent =>
  ({ event_type: "task.created", user_id: user, sequence }) as unknown as TaskFlowEvent;

/** A log in memory: `head` events were committed, and those before `oldest` have left it. */
interface Log extends EventLog {
  head: number;
  oldest: number;
}

const createLog = (): Log => ({
  head: 0,
  oldest: 1,
  async after(_user, sequence, limit) {
    const first = Math.max(sequence + 1, this.oldest);
    const page = Array.from({ length: Math.max(0, Math.min(limit, this.head - first + 1)) }, (_, index) =>
      eventOf(first + index),
    );
    await nextTurn();
    return page;
  },
  async range() {
    return { head: this.head, oldest: this.oldest };
  },
  async heads() {
    return new Map([[user, this.head]]);
  },
  changedSince: () => Promise.resolve(new Map()),
});

/** A peer that takes `room` frames before it has had enough. */
interface Reader extends Peer {
  room: number;
  closed: boolean;
  signedOut: boolean;
  readonly frames: { id: number; event: string }[];
}

const createReader = (): Reader => ({
  room: Infinity,
  closed: false,
  signedOut: false,
  frames: [],
  write(frame) {
    const [, id, event] = /^id: (\d+)\nevent: (\S+)/.exec(frame.serverSent.toString()) ?? [];
    if (id !== undefined && event !== undefined) this.frames.push({ id: Number(id), event });
    this.room -= 1;
    return this.room > 0;
  },
  beat: () => true,
  destroySoon() {
    this.closed = true;
  },
  signOut() {
    this.closed = true;
    this.signedOut = true;
  },
  destroy() {
    this.closed = true;
  },
});

const create = (time = { now: 0 }) => {
  const eventLog = createLog();
  const registry = createRegistry(3, 1);
  const writer = createWriter({ clock: { now: () => time.now }, log: silent, metrics });
  const replay = createReplay({ eventLog, writer, log: silent, metrics });
  const ended = new Set<string>();
  const credentials = {
    hasEnded: (id: string) => ended.has(id),
    living: async (ids: readonly string[]) => new Set(ids.filter((id) => !ended.has(id))),
  };
  const streams = createStreams({ registry, writer, replay, metrics, credentials });
  const rounds = createRounds({ registry, writer, replay, eventLog, credentials, slots: 1, idleMs: 90_000 });
  const open = async (since?: number, by = opener): Promise<{ stream: Stream; reader: Reader }> => {
    const reader = createReader();
    const stream = streams.reserve(by);
    streams.open(stream, reader, await eventLog.range(user), since);
    return { stream, reader };
  };
  const commit = (): TaskFlowEvent => eventOf((eventLog.head += 1));
  return { eventLog, streams, rounds, open, commit, ended };
};

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
};

const upTo = (last: number, from = 1): number[] => Array.from({ length: last - from + 1 }, (_, index) => from + index);
const ids = ({ frames }: Reader): number[] =>
  frames.filter(({ event }) => event === "task.created").map(({ id }) => id);

test("whatever the bus loses, repeats or reorders and however the reader reads, each event is sent once and in order", async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant("commit and deliver" as const) },
    { weight: 2, arbitrary: fc.constant("commit and lose" as const) },
    fc.constant("lose 150" as const),
    fc.constant("deliver an old one" as const),
    fc.constant("deliver out of order" as const),
    fc.constant("become slow" as const),
    fc.constant("drain" as const),
    fc.constant("wait" as const),
    fc.constant("compare heads" as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { eventLog, streams, rounds, open, commit } = create();
      const { stream, reader } = await open(0);
      const run: Record<(typeof steps)[number], () => unknown> = {
        "commit and deliver": () => streams.deliver(commit()),
        "commit and lose": commit,
        "lose 150": () => (eventLog.head += 150),
        "deliver an old one": () => eventLog.head > 0 && streams.deliver(eventOf(Math.ceil(eventLog.head / 2))),
        "deliver out of order": () => {
          const [first, second] = [commit(), commit()];
          streams.deliver(second);
          streams.deliver(first);
        },
        "become slow": () => (reader.room = 2),
        drain: () => {
          reader.room = Infinity;
          streams.drained(stream);
        },
        wait: settled,
        "compare heads": () => rounds.compareHeads(),
      };
      for (const name of steps) await run[name]();
      await run.drain();
      await settled();
      await rounds.compareHeads();
      await settled();
      assert.deepEqual(ids(reader), upTo(eventLog.head));
      assert.equal(stream.phase, "live");
    }),
  );
});

test("an event between the reading of the head and the opening is not missed", async () => {
  const { eventLog, streams, commit } = create();
  const stream = streams.reserve(opener);
  const range = await eventLog.range(user);
  streams.deliver(commit());
  const reader = createReader();
  streams.open(stream, reader, range, undefined);
  await settled();
  assert.deepEqual(reader.frames, [
    { id: 0, event: "hello" },
    { id: 1, event: "task.created" },
  ]);
});

test("nothing is written to a reader that has had enough until it has drained", async () => {
  const { streams, open, commit } = create();
  const { stream, reader } = await open(0);
  reader.room = 1;
  for (let count = 0; count < 10; count += 1) streams.deliver(commit());
  await settled();
  assert.deepEqual(ids(reader), [1]);
  reader.room = Infinity;
  streams.drained(stream);
  await settled();
  assert.deepEqual(ids(reader), upTo(10));
});

test("a reader that takes nothing for the idle time is dropped, one that drains in time is not", async () => {
  const time = { now: 0 };
  const { streams, rounds, open, commit } = create(time);
  const [stuck, slow] = [await open(0), await open(0)];
  stuck.reader.room = 1;
  slow.reader.room = 1;
  streams.deliver(commit());
  time.now = 60_000;
  slow.reader.room = Infinity;
  streams.drained(slow.stream);
  time.now = 89_999;
  await rounds.beat();
  assert.equal(stuck.reader.closed, false);
  time.now = 90_000;
  await rounds.beat();
  assert.equal(stuck.reader.closed, true);
  assert.equal(slow.reader.closed, false);
});

test("events that leave the log while a stream is behind end in one resync, and the stream goes on", async () => {
  const { eventLog, streams, open, commit } = create();
  const { stream, reader } = await open(0);
  reader.room = 1;
  for (let count = 0; count < 10; count += 1) streams.deliver(commit());
  eventLog.oldest = 6;
  reader.room = Infinity;
  streams.drained(stream);
  await settled();
  streams.deliver(commit());
  await settled();
  assert.deepEqual(reader.frames, [
    { id: 1, event: "task.created" },
    { id: 10, event: "resync" },
    { id: 11, event: "task.created" },
  ]);
});

test("a log that cannot be read ends the stream, for its client to resume", async () => {
  const { eventLog, streams, open, commit } = create();
  const { reader } = await open(0);
  eventLog.after = () => Promise.reject(new Error("away"));
  commit();
  streams.deliver(commit());
  await settled();
  assert.deepEqual(ids(reader), []);
  assert.equal(reader.closed, true);
});

test("a head behind the cursor ends the stream: the log is another one", async () => {
  const { eventLog, rounds, streams, open, commit } = create();
  const { reader } = await open(0);
  streams.deliver(commit());
  eventLog.head = 0;
  await rounds.compareHeads();
  assert.equal(reader.closed, true);
});

test("a bus that is far behind the log is not waited for: heads are compared again soon, until all streams have what there is", async () => {
  const { eventLog, rounds, open, commit } = create();
  const { reader } = await open(0);
  assert.equal(await rounds.compareHeads(), false);
  commit();
  assert.equal(await rounds.compareHeads(), false, "one that the bus is about to bring");
  await settled();
  eventLog.head += 200;
  assert.equal(await rounds.compareHeads(), true);
  await settled();
  assert.equal(await rounds.compareHeads(), false);
  assert.deepEqual(ids(reader), upTo(201));
});

test("the streams of what has ended end, also those that are full, and no other", async () => {
  const { streams, open, commit } = create();
  const [first, second] = [await open(0), await open(0)];
  const other = await open(0, { userId: user, credentialId: "other" });
  second.reader.room = 1;
  streams.deliver(commit());
  assert.equal(second.stream.phase, "full");
  streams.signOut({ kind: "session", id: "session", userId: user });
  streams.deliver(commit());
  assert.deepEqual([first.reader.signedOut, second.reader.closed, other.reader.closed], [true, true, false]);
  assert.deepEqual([ids(first.reader), ids(other.reader)], [[1], [1, 2]]);
});

test("every stream of a user who is disabled ends", async () => {
  const { streams, open } = create();
  const [first, other] = [await open(), await open(0, { userId: user, credentialId: "other" })];
  streams.signOut({ kind: "user", id: user, userId: user });
  assert.deepEqual([first.reader.closed, other.reader.closed], [true, true]);
});

test("a stream that was being opened when its token ended sends nothing, and no new one is opened", async () => {
  const { eventLog, streams, ended, commit } = create();
  commit();
  const stream = streams.reserve(opener);
  ended.add("session");
  streams.signOut({ kind: "session", id: "session", userId: user });
  const reader = createReader();
  streams.open(stream, reader, await eventLog.range(user), 0);
  await settled();
  assert.deepEqual([reader.signedOut, ids(reader)], [true, []]);
  assert.throws(() => streams.reserve(opener), { code: "unauthenticated" });
});

test("a heartbeat ends what has ended unheard, by the database", async () => {
  const { rounds, open, ended } = create();
  const [first, other] = [await open(), await open(0, { userId: user, credentialId: "other" })];
  ended.add("session");
  await rounds.beat();
  assert.deepEqual([first.reader.signedOut, other.reader.closed], [true, false]);
});

test("a stop ends every stream and refuses new ones", async () => {
  const { streams, open } = create();
  const { stream, reader } = await open();
  const stopped = streams.stop();
  assert.equal(reader.closed, true);
  streams.release(stream);
  await stopped;
  assert.throws(() => streams.reserve(opener), { code: "unavailable" });
});

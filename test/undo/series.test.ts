import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decideCreate } from "../../src/domain/series/task-write.ts";
import type { TaskChange } from "../../src/domain/task.ts";
import { theNextDateIsOpen } from "../series/rules.ts";
import { anyStep, patterns, type Step, take, targetOf, zones } from "../series/steps.ts";
import { createWorld, type World } from "../series/world.ts";

const START = Date.parse("2026-03-03T08:00:00.000Z");
const HISTORIES = 600;

interface Stepped {
  readonly step: Step;
  /** Of an undo: how many writes before the latest the one is that it takes back. */
  readonly back: number;
}

const histories = fc.record({
  pattern: fc.constantFrom(...patterns),
  due: fc.constantFrom("2026-03-03", "2026-03-03T09:00", "2026-03-05T18:00", "2026-01-31T09:00"),
  basis: fc.constantFrom("schedule" as const, "schedule" as const, "completion" as const),
  zone: fc.constantFrom(...zones),
  steps: fc.array(fc.record({ step: anyStep, back: fc.nat({ max: 5 }) }), { minLength: 1, maxLength: 12 }),
});

const make = (
  world: World,
  { step, back }: Stepped,
  writes: readonly (readonly TaskChange[])[],
  text: string,
): readonly TaskChange[] | undefined => {
  if (step.kind === "wait") world.wait(step.ms);
  else if (step.kind === "zone") world.moveTo(step.zone);
  else if (step.kind !== "undo") return take(world, step, targetOf(world, step), text);
  else if (writes.length > 0) return world.undo(writes[Math.max(0, writes.length - 1 - back)] ?? []);
  return undefined;
};

describe("a series whose earlier writes are undone", () => {
  it("has each date once, and its next one open", () => {
    let undone = 0;
    fc.assert(
      fc.property(histories, ({ pattern, due, basis, zone, steps }) => {
        const world = createWorld(START, zone);
        const input = { title: "series", due_date: due, recurrence_pattern: pattern, recurrence_basis: basis };
        world.write((tasks, now) => decideCreate(tasks, input, { id: "series", userId: "user" }, now).changes);
        const writes: (readonly TaskChange[])[] = [];
        for (const [index, stepped] of steps.entries()) {
          const before = new Map(world.tasks);
          const changes = make(world, stepped, writes, `text ${index}`);
          if (changes !== undefined && changes.length > 0) writes.push(changes);
          if (changes !== undefined && stepped.step.kind === "undo") undone += 1;
          const moment = { before, after: world.tasks, step: stepped.step, target: undefined, isDone: true };
          theNextDateIsOpen(moment, world.context.now);
        }
      }),
      { numRuns: HISTORIES, seed: 21 },
    );
    assert.ok(undone > HISTORIES / 10, `${undone} undos were accepted`);
  });
});

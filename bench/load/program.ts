import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Measured } from "./closed-loop.ts";

/** What the program was told, as JSON in its only argument. */
export const readInput = (): unknown => JSON.parse(process.argv[2] ?? "");

export const sayResult = (measured: Measured): void => {
  process.stdout.write(JSON.stringify(measured));
};

/** Runs a load program of this folder in a process of its own. */
export const runLoad = async (file: string, input: object): Promise<Measured> => {
  const child = spawn(process.execPath, [new URL(file, import.meta.url).pathname, JSON.stringify(input)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return JSON.parse(output) as Measured;
};

/** The middle one of several runs, by throughput. */
export const middleOf = <Run extends Measured>(runs: readonly Run[]): Run => {
  const middle = runs.toSorted((one, other) => one.perSecond - other.perSecond)[Math.floor(runs.length / 2)];
  if (middle === undefined) throw new Error("there was no run");
  return middle;
};

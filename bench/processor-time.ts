import { readdirSync, readFileSync } from "node:fs";

/** Seconds of processor time, by the names of programs. */
export type ProcessorTime = ReadonlyMap<string, number>;

/**
 * What everything below this process has taken since it began, by proc(5): the figure that other programs on the
 * machine disturb least. Of a program that has ended its parent has it. Empty where there is no /proc.
 */
export const processorTime = (): ProcessorTime => {
  const all = processes();
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const seconds = new Map<string, number>();
  for (const each of all)
    if (isBelow(each.pid, parents)) seconds.set(each.name, (seconds.get(each.name) ?? 0) + each.seconds);
  return seconds;
};

/** Milliseconds since then, by name. */
export const spentSince = (before: ProcessorTime): ReadonlyMap<string, number> =>
  new Map(
    [...processorTime()].map(([name, seconds]) => [name, Math.max(0, seconds - (before.get(name) ?? 0)) * 1_000]),
  );

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly seconds: number;
}

const processes = (): readonly Process[] => {
  try {
    return readdirSync("/proc").flatMap((entry) => (/^\d+$/.test(entry) ? processOf(Number(entry)) : []));
  } catch {
    return [];
  }
};

/**
 * Fields 2, 4 and 14 to 17 of `stat`: the name, the parent, and hundredths of a second of its own and of its children
 * that have ended.
 */
const processOf = (pid: number): readonly Process[] => {
  try {
    const [, name = "", rest = ""] = /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    const fields = rest.split(" ").map(Number);
    const seconds = [11, 12, 13, 14].reduce((sum, index) => sum + (fields[index] ?? 0), 0) / 100;
    return [{ pid, parent: fields[1] ?? 0, name, seconds }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
};

const isBelow = (pid: number, parents: ReadonlyMap<number, number>): boolean => {
  for (let parent = parents.get(pid); parent !== undefined && parent !== 0; parent = parents.get(parent))
    if (parent === process.pid) return true;
  return false;
};

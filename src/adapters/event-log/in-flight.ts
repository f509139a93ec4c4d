/** An outbox row as far as its place is concerned. */
export interface Place {
  readonly position: number;
  readonly taskId: string;
}

/**
 * What a relay has taken and not yet swept. It bounds memory, and bounds the share of one task: what a consumer cannot
 * take holds back its task, and a task with hundreds of events must not hold back all the others.
 */
export interface InFlight {
  /** How many more may be taken. */
  readonly room: number;
  /** Something was left in the outbox for want of room: look again when room is made. */
  readonly full: boolean;
  positions(): readonly number[];
  /** Tasks that may not take more for now. */
  crowdedTasks(): readonly string[];
  /** False when there is no room for it. Of one task, offer what comes first first. */
  add(place: Place): boolean;
  remove(position: number): void;
}

export const createInFlight = (limits: { readonly most: number; readonly mostOfOneTask: number }): InFlight => {
  const taskOf = new Map<number, string>();
  const counts = new Map<string, number>();
  const countOf = (taskId: string): number => counts.get(taskId) ?? 0;
  const crowdedTasks = (): readonly string[] =>
    [...counts].filter(([, count]) => count >= limits.mostOfOneTask).map(([taskId]) => taskId);

  return {
    get room() {
      return limits.most - taskOf.size;
    },
    get full() {
      return taskOf.size >= limits.most || crowdedTasks().length > 0;
    },
    positions: () => [...taskOf.keys()],
    crowdedTasks,
    add({ position, taskId }) {
      if (taskOf.size >= limits.most || countOf(taskId) >= limits.mostOfOneTask) return false;
      taskOf.set(position, taskId);
      counts.set(taskId, countOf(taskId) + 1);
      return true;
    },
    remove(position) {
      const taskId = taskOf.get(position);
      if (taskId === undefined) return;
      taskOf.delete(position);
      if (countOf(taskId) === 1) counts.delete(taskId);
      else counts.set(taskId, countOf(taskId) - 1);
    },
  };
};

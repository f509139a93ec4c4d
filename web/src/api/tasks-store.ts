import { create } from "zustand";
import { emptyReplica, type Replica } from "./replica.ts";
import type { ListName } from "./database.ts";

/** How this device stands to the server. */
export type Connection = "connecting" | "live" | "reconnecting" | "offline";

export interface TasksState {
  /** What this device keeps has been read: the screens can show it. */
  readonly ready: boolean;
  readonly replica: Replica;
  /** Lists that are known whole. */
  readonly loaded: ReadonlySet<ListName>;
  readonly connection: Connection;
}

export const initialTasksState: TasksState = {
  ready: false,
  replica: emptyReplica,
  loaded: new Set(),
  connection: "connecting",
};

/** All tasks this device knows. Screens read; only the sync writes. */
export const useTasks = create<TasksState>(() => initialTasksState);

export const changeReplica = (change: (replica: Replica) => Replica): void =>
  useTasks.setState(({ replica }) => ({ replica: change(replica) }));

export const addLoaded = (list: ListName): void =>
  useTasks.setState(({ loaded }) => ({ loaded: new Set([...loaded, list]) }));

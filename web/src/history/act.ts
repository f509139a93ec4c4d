import type { Command } from "../api/operation.ts";

/** Does a command and says what it did, with a way to take it back. */
export type Act = (command: Command, what: string) => void;

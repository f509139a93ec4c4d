import type { Service } from "../ports.ts";

/** A service whose feature is not there yet: it starts, answers its operators, and asks for no events. */
export const createIdleService = (name: string): Service => ({
  name,
  subscriptions: [],
  routes: () => undefined,
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  missing: () => Promise.resolve([]),
});

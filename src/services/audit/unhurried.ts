import type { QueryConfig } from "pg";

const HOUR_MS = 3_600_000;

/** A statement over a whole month, or a whole account; the usual time for an answer is that of a request. */
export const unhurried = (text: string, values: unknown[] = []): QueryConfig =>
  ({ text, values, query_timeout: HOUR_MS }) as QueryConfig;

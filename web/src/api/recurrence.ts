import type { PreviewQuery, RecurrencePreview } from "../../../src/contract/recurrence.ts";
import { authorized } from "./session.ts";

/** Asks for the next dates of a pattern. Throws what {@link authorized} throws. */
export const previewRecurrence = async (query: PreviewQuery): Promise<RecurrencePreview> => {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return (await authorized<RecurrencePreview>({ method: "GET", path: `/recurrence/preview?${parameters}` })).body;
};

import type { Database } from "../../adapters/db/database.ts";
import type { Directory, LongWork } from "../../ports.ts";
import { csvHeader, csvLine } from "./csv.ts";
import type { LogCursor } from "./cursor.ts";
import { type LogFilter, readLog, toEntries } from "./queries.ts";

export const exportTypes = { csv: "text/csv; charset=utf-8", ndjson: "application/x-ndjson" } as const;

/** What is in memory of an export, however long it is; made in a few milliseconds. */
const PAGE = 200;

/** Everything that matches, newest first, as pieces of a file. Reads the next page when the last one was taken. */
export async function* exportLog(
  deps: { database: Database; directory: Directory; work: LongWork },
  format: "csv" | "ndjson",
  filter: LogFilter,
): AsyncGenerator<Buffer> {
  const [line, end] = format === "csv" ? [csvLine, "\r\n"] : [JSON.stringify, "\n"];
  if (format === "csv") yield Buffer.from(csvHeader + end);
  let after: LogCursor | undefined;
  for (;;) {
    await deps.work.giveWay();
    const rows = await readLog(deps.database, filter, after, PAGE);
    const entries = await toEntries(rows, deps.directory);
    deps.work.resume();
    if (entries.length > 0) yield Buffer.from(entries.map((entry) => line(entry) + end).join(""));
    const last = entries.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = { timestamp: last.timestamp, eventId: last.event_id };
  }
}

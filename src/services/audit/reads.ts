import type { AuditReads } from "../../contract/audit.ts";
import type { ActorKind } from "../../contract/event.ts";
import type { Database } from "../../adapters/db/database.ts";
import type { Clock, Directory, Identity } from "../../ports.ts";
import { writeIdCursor } from "./cursor.ts";

export interface ReadsDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly directory: Directory;
  /** Time-ordered (UUIDv7): the order of the list. */
  readonly newId: () => string;
}

/** Who read the history of someone else. */
export interface Reads {
  /** Committed before anything is shown. `userId` is whose history it is; undefined is everyone's. */
  note(
    reader: Identity,
    what: { readonly userId: string | undefined; readonly request: string; readonly correlationId: string },
  ): Promise<void>;
  /** The reads of a user's history and of everyone's, or with undefined all of them; newest first. */
  list(
    userId: string | undefined,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<AuditReads>;
}

const MOST_TEXT = 1_000;

export const createReads = ({ database, clock, directory, newId }: ReadsDeps): Reads => ({
  async note({ actorKind, actorId }, { userId, request, correlationId }) {
    await database.kysely
      .insertInto("audit_reads")
      .values({
        id: newId(),
        reader_kind: actorKind,
        reader_id: actorId,
        user_id: userId ?? null,
        what: request.slice(0, MOST_TEXT),
        read_at: new Date(clock.now()),
        correlation_id: correlationId,
      })
      .execute();
  },
  async list(userId, { before, limit }) {
    const rows = await database.kysely
      .selectFrom("audit_reads")
      .selectAll()
      .$if(userId !== undefined, (query) =>
        query.where((where) => where.or([where("user_id", "=", userId ?? ""), where("user_id", "is", null)])),
      )
      .$if(before !== undefined, (query) => query.where("id", "<", before ?? ""))
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute();
    const page = rows.slice(0, limit);
    const names = await directory.names(page.map(({ reader_id }) => reader_id));
    return {
      reads: page.map((row) => ({
        id: row.id,
        reader: { kind: row.reader_kind as ActorKind, id: row.reader_id, name: names.get(row.reader_id) ?? null },
        user_id: row.user_id,
        what: row.what,
        timestamp: row.read_at.toISOString(),
        correlation_id: row.correlation_id,
      })),
      next_cursor: rows.length > limit ? writeIdCursor(page.at(-1)?.id ?? "") : null,
    };
  },
});

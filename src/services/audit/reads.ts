import type { AuditRead, AuditReads } from "../../contract/audit.ts";
import type { ActorKind } from "../../contract/event.ts";
import type { Database, Schema } from "../../adapters/db/database.ts";
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
  /**
   * The reads of a user's history and of everyone's, as they are told to that user; with undefined all of them, in full.
   * Newest first.
   */
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
    const names = userId === undefined ? await directory.names(page.map(({ reader_id }) => reader_id)) : new Map();
    return {
      reads: page.map((row) => ({
        id: row.id,
        ...(userId === undefined ? inFull(row, names) : forWhomItConcerns(row, userId)),
        user_id: row.user_id,
        timestamp: row.read_at.toISOString(),
        correlation_id: row.correlation_id,
      })),
      next_cursor: rows.length > limit ? writeIdCursor(page.at(-1)?.id ?? "") : null,
    };
  },
});

type Told = Pick<AuditRead, "reader" | "what">;
type Row = Pick<Schema["audit_reads"], "reader_kind" | "reader_id" | "what">;

const inFull = ({ reader_kind, reader_id, what }: Row, names: ReadonlyMap<string, string>): Told => ({
  reader: { kind: reader_kind as ActorKind, id: reader_id, name: names.get(reader_id) ?? null },
  what,
});

/** Only an administrator can read what is someone else's. Which account that is, and whom else they asked for, is theirs. */
const forWhomItConcerns = ({ reader_kind, what }: Row, userId: string): Told => ({
  reader: { kind: reader_kind as ActorKind, id: ADMINISTRATOR, name: ADMINISTRATOR },
  what: withoutFilters(what, userId),
});

const ADMINISTRATOR = "administrator";

/** The request without its query, but for the reader's own id in it. */
const withoutFilters = (what: string, userId: string): string => {
  const [path = "", query = ""] = what.split("?", 2);
  const own = `user_id=${userId}`;
  return query.split("&").includes(own) ? `${path}?${own}` : path;
};

import { type Database, type Schema, sql } from "../../../adapters/db/database.ts";
import { DomainError } from "../../../contract/problem.ts";
import type { StreamTicket } from "../../../contract/stream.ts";
import type { Clock, SecretSource } from "../../../ports.ts";
import type { Opener } from "./streams.ts";

const LIFETIME_SECONDS = 30;

/** One-time keys to open a stream with. The database knows only their hashes. */
export interface Tickets {
  /** It opens a stream that ends with the session or API token that asks for it. */
  issue(opener: Opener): Promise<StreamTicket>;
  /** Whom it was issued to; a DomainError `unauthenticated` when it is unknown, used or too old. */
  redeem(ticket: string): Promise<Opener>;
  /** Forgets tickets that nobody redeemed in time. */
  sweep(): Promise<void>;
}

const redeemStatement = `DELETE FROM stream_tickets WHERE ticket_hash = $1 RETURNING user_id, credential_id, expires_at`;

type RedeemedTicket = Pick<Schema["stream_tickets"], "user_id" | "credential_id" | "expires_at">;

export interface TicketDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly secrets: SecretSource;
}

export const createTickets = ({ database, clock, secrets }: TicketDeps): Tickets => ({
  async issue({ userId, credentialId }) {
    const ticket = secrets.create();
    const expires_at = new Date(clock.now() + LIFETIME_SECONDS * 1_000);
    await database.kysely
      .insertInto("stream_tickets")
      .values({ ticket_hash: secrets.hashOf(ticket), user_id: userId, credential_id: credentialId, expires_at })
      .execute();
    return { ticket, expires_in: LIFETIME_SECONDS };
  },
  async redeem(ticket) {
    const [row] = await database.prepared<RedeemedTicket>("redeem-ticket", redeemStatement, [secrets.hashOf(ticket)]);
    if (row === undefined || row.expires_at.getTime() <= clock.now()) {
      throw new DomainError(
        "unauthenticated",
        "This ticket is unknown, used or older than 30 seconds; ask for a new one.",
      );
    }
    return { userId: row.user_id, credentialId: row.credential_id };
  },
  async sweep() {
    await sql`DELETE FROM stream_tickets WHERE expires_at < ${new Date(clock.now())}`.execute(database.kysely);
  },
});

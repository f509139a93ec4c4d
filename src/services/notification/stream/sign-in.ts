import type { IncomingHttpHeaders } from "node:http";
import { DomainError } from "../../../contract/problem.ts";
import type { TokenVerifier } from "../../../ports.ts";
import type { Opener } from "./streams.ts";
import type { Tickets } from "./ticket.ts";

/** What a client sent to prove who it is. */
export interface Proof {
  readonly headers: IncomingHttpHeaders;
  readonly ticket: string | undefined;
}

/** Whose streams may be opened. */
export interface SignIn {
  /** Whether anything was sent that could prove it. */
  proves(proof: Proof): boolean;
  /** Who has the ticket or else the `Authorization` header; a DomainError when there is none. */
  openerOf(proof: Proof): Promise<Opener>;
  /** Who has the token; a DomainError `unauthenticated` or `insufficient_scope`. */
  openerOfToken(token: string): Promise<Opener>;
}

export const createSignIn = ({ tickets, verifier }: { tickets: Tickets; verifier: TokenVerifier }): SignIn => {
  const openerOfToken = async (token: string): Promise<Opener> => {
    const { userId, credentialId, scopes } = await verifier.verify(token);
    if (!scopes.includes("read")) throw new DomainError("insufficient_scope", "this needs the scope read");
    return { userId, credentialId };
  };

  return {
    proves: ({ headers, ticket }) => ticket !== undefined || headers.authorization !== undefined,
    openerOf({ headers, ticket }) {
      if (ticket !== undefined) return tickets.redeem(ticket);
      const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1];
      if (token === undefined)
        throw new DomainError("unauthenticated", "send a token as Authorization: Bearer …, or a ticket");
      return openerOfToken(token);
    },
    openerOfToken,
  };
};

/** `/api/{user_id}/…` and `/api/ws/{user_id}` lead nowhere for anyone but that user. */
export const assertOwner = (owner: string | undefined, userId: string): void => {
  if (owner !== undefined && owner !== userId) throw new DomainError("not_found", "nothing is at this address");
};

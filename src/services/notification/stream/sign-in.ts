import type { IncomingHttpHeaders } from "node:http";
import { DomainError } from "../../../contract/problem.ts";
import type { TokenVerifier } from "../../../ports.ts";
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
  /** The user of a ticket or else of the `Authorization` header; a DomainError when there is none. */
  userOf(proof: Proof): Promise<string>;
  /** The user of a token; a DomainError `unauthenticated` or `insufficient_scope`. */
  userOfToken(token: string): Promise<string>;
}

export const createSignIn = ({ tickets, verifier }: { tickets: Tickets; verifier: TokenVerifier }): SignIn => {
  const userOfToken = async (token: string): Promise<string> => {
    const { userId, scopes } = await verifier.verify(token);
    if (!scopes.includes("read")) throw new DomainError("insufficient_scope", "this needs the scope read");
    return userId;
  };

  return {
    proves: ({ headers, ticket }) => ticket !== undefined || headers.authorization !== undefined,
    userOf({ headers, ticket }) {
      if (ticket !== undefined) return tickets.redeem(ticket);
      const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1];
      if (token === undefined)
        throw new DomainError("unauthenticated", "send a token as Authorization: Bearer …, or a ticket");
      return userOfToken(token);
    },
    userOfToken,
  };
};

/** `/api/{user_id}/…` and `/api/ws/{user_id}` lead nowhere for anyone but that user. */
export const assertOwner = (owner: string | undefined, userId: string): void => {
  if (owner !== undefined && owner !== userId) throw new DomainError("not_found", "nothing is at this address");
};

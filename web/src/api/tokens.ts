import type { ApiToken, ApiTokenList, IssuedApiToken, NewApiToken } from "../../../src/contract/account.ts";
import { authorized } from "./session.ts";

export const listTokens = async (): Promise<ApiToken[]> =>
  (await authorized<ApiTokenList>({ method: "GET", path: "/auth/tokens" })).body.tokens;

/** The answer is the only one that ever carries the token itself. */
export const issueToken = async (token: NewApiToken): Promise<IssuedApiToken> =>
  (await authorized<IssuedApiToken>({ method: "POST", path: "/auth/tokens", body: token })).body;

export const revokeToken = async (id: string): Promise<void> => {
  await authorized({ method: "DELETE", path: `/auth/tokens/${id}` });
};

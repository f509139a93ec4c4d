import type { FastifyReply, FastifyRequest } from "fastify";
import { cookieSession } from "../../../contract/cookie-session.ts";
import { DomainError, invalidField } from "../../../contract/problem.ts";
import { SESSION_DAYS } from "./sessions.ts";

/** Only what signs in, refreshes and signs out is ever sent the cookie. */
const PATH = "/api/v1/auth";

/**
 * Whether a browser asks for its refresh token to be kept in a cookie that no script can read. It says so by a header of
 * its own, which a form or a page of another origin cannot send: none is allowed to by CORS (docs/adr/0052).
 * @throws DomainError `forbidden` when a browser says that another site sends the request
 */
export const wantsCookie = ({ headers }: FastifyRequest): boolean => {
  if (headers[cookieSession.header] !== cookieSession.value) return false;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin")
    throw new DomainError("forbidden", "a page of another origin may not use this session");
  return true;
};

/**
 * The refresh token of the body, or else of the cookie; undefined for a browser that has neither. A browser that still
 * sends the one it kept itself is given the cookie for it.
 * @throws DomainError `validation` when a client that keeps its token itself sends none
 */
export const refreshTokenOf = (request: FastifyRequest<{ Body: { refresh_token?: string } }>): string | undefined => {
  const { refresh_token } = request.body;
  if (refresh_token !== undefined) return refresh_token;
  if (!wantsCookie(request)) throw invalidField("refresh_token", "is missing");
  return readCookie(request);
};

/** The token is base64url: it needs no escaping. */
export const keepInCookie = (request: FastifyRequest, reply: FastifyReply, token: string): void =>
  setCookie(request, reply, token, SESSION_DAYS * 86_400);

export const forgetCookie = (request: FastifyRequest, reply: FastifyReply): void => setCookie(request, reply, "", 0);

const setCookie = (request: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void => {
  const parts = [
    `${cookieName(request)}=${value}`,
    `Path=${PATH}`,
    `Max-Age=${maxAge}`,
    "HttpOnly",
    "SameSite=Strict",
    ...(isSecure(request) ? ["Secure"] : []),
  ];
  void reply.header("set-cookie", parts.join("; "));
};

const readCookie = (request: FastifyRequest): string | undefined => {
  const name = cookieName(request);
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [given, value] = pair.trim().split("=", 2);
    if (given === name && value !== undefined && value !== "") return value;
  }
  return undefined;
};

/**
 * Cookies do not tell ports apart (RFC 6265 §8.5): two installations on one host would take each other's away. By the
 * prefix a browser takes the cookie by https alone (RFC 6265bis §4.1.3.1): nothing that answers http in this host's name
 * can put another session in its place.
 */
const cookieName = (request: FastifyRequest): string => {
  const prefix = isSecure(request) ? "__Secure-" : "";
  return request.port === null ? `${prefix}taskflow_refresh` : `${prefix}taskflow_refresh_${request.port}`;
};

/** The page's own word for how it was loaded counts as well: not every proxy that ends TLS is one we are told to trust. */
const isSecure = ({ protocol, headers }: FastifyRequest): boolean =>
  protocol === "https" || headers.origin?.startsWith("https:") === true;

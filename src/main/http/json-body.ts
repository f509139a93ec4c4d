import type { FastifyInstance } from "fastify";
import { DomainError, invalidField } from "../../contract/problem.ts";

/** JSON and merge patches alike; an empty body is none, because many clients send the header with every request. */
export const readJsonBodies = (app: FastifyInstance): void => {
  app.removeContentTypeParser(["application/json", "text/plain"]);
  app.addContentTypeParser(
    ["application/json", "application/merge-patch+json"],
    { parseAs: "buffer" },
    (_request, body, done) => {
      try {
        done(null, readJson(body as Buffer));
      } catch (error) {
        done(error as Error, undefined);
      }
    },
  );
};

/** @throws DomainError that says why the body is not read */
const readJson = (body: Buffer): unknown => {
  const text = decode(body);
  if (text === "") return undefined;
  if (text === undefined) throw new DomainError("malformed_request", "the body is not UTF-8");
  if (isDeep(text)) throw new DomainError("malformed_request", `the body has more than ${MOST_LEVELS} levels`);
  const value = parse(text);
  const forbidden = SUSPECT.test(text) ? forbiddenName(value, []) : undefined;
  if (forbidden !== undefined) throw invalidField(forbidden, "is not a field of this request");
  return value;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message would quote the body.
    const [, place] = / at position (\d+)/.exec(String(error)) ?? [];
    const where = place === undefined ? "" : ` from character ${Number(place) + 1} on`;
    throw new DomainError("malformed_request", `the body is not JSON${where}`);
  }
};

/** A name can be written with escapes, so each of them is a reason to look. */
const SUSPECT = /__proto__|constructor|\\u/i;

/**
 * The path of a name by which an object could come to another prototype where it is copied; undefined when there is
 * none. The depth of the value is bounded.
 */
const forbiddenName = (value: unknown, path: readonly string[]): string | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const place = [...path, name];
    if (name === "__proto__" || (name === "constructor" && isObjectWithPrototype(inner))) return place.join(".");
    const found = forbiddenName(inner, place);
    if (found !== undefined) return found;
  }
  return undefined;
};

const isObjectWithPrototype = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "prototype");

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Undefined when it is not UTF-8: what cannot be read would be stored as something that was never sent. */
const decode = (body: Buffer): string | undefined => {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
};

/** No request of the contract has more than a few; whoever walks a deep value needs a deep stack. */
const MOST_LEVELS = 64;

const code = (character: string): number => character.charCodeAt(0);
const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  code('"'),
  code("\\"),
  code("["),
  code("]"),
  code("{"),
  code("}"),
];

/** Whether a JSON text has more levels than that. Looks at no other rule of JSON. */
export const isDeep = (text: string): boolean => {
  if (text.length <= MOST_LEVELS) return false;
  let level = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = closingQuote(text, at);
    else if (character === OPEN_LIST || character === OPEN_OBJECT) level += 1;
    else if (character === CLOSE_LIST || character === CLOSE_OBJECT) level -= 1;
    if (level > MOST_LEVELS) return true;
  }
  return false;
};

/** Where the text that begins at `start` ends; the end of everything when it does not. */
const closingQuote = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
};

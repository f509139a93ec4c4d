import type { FastifyInstance } from "fastify";
import { DomainError } from "../../contract/problem.ts";

/** JSON and merge patches alike; an empty body is none, because many clients send the header with every request. */
export const readJsonBodies = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser(
    ["application/json", "application/merge-patch+json"],
    { parseAs: "buffer" },
    (request, body, done) => {
      const text = decode(body as Buffer);
      if (text === "") done(null, undefined);
      else if (text === undefined) done(new DomainError("malformed_request", "the body is not UTF-8"), undefined);
      else if (isDeep(text))
        done(new DomainError("malformed_request", `the body has more than ${MOST_LEVELS} levels`), undefined);
      else void parse(request, text, done);
    },
  );
};

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

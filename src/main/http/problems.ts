import type { Socket } from "node:net";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { asUnavailable } from "../../adapters/db/database.ts";
import { DomainError, invalidField, type Problem, type ProblemCode, problems } from "../../contract/problem.ts";
import { refusedFields } from "./refused-field.ts";

/**
 * Answers every error as `application/problem+json` (RFC 9457). What is not a refusal is a fault: logged, and told
 * nothing of.
 */
export const answerError = (
  thrown: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const refusal = asDomainError(thrown, request);
  if (refusal.code === "internal")
    request.log.error({ err: thrown, route: request.routeOptions.url }, "a request failed");
  return sendProblem(reply, refusal, request.id);
};

export const sendProblem = (reply: FastifyReply, refusal: DomainError, correlationId: string): FastifyReply => {
  const { extras } = refusal;
  const problem = { ...problemOf(refusal), correlation_id: correlationId };
  const { status } = problem;
  if (extras.retryAfter !== undefined) void reply.header("retry-after", String(Math.ceil(extras.retryAfter)));
  if (status === 401) void reply.header("www-authenticate", "Bearer");
  return reply.code(status).type("application/problem+json").send(problem);
};

export const problemOf = ({ code, message, extras }: DomainError): Problem => ({
  ...extras.members,
  type: `urn:taskflow:problem:${code}`,
  title: problems[code].title,
  status: problems[code].status,
  code,
  detail: message,
  ...(extras.errors === undefined ? {} : { errors: [...extras.errors] }),
});

/** Answers bytes that are no request at all, by the HTTP parser's error, and ends the connection. */
export const answerClientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (socket.writable && error.code !== "ECONNRESET") {
    socket.write(
      refusalText(
        new DomainError(
          clientErrors[error.code ?? ""] ?? "malformed_request",
          "this is not an HTTP request that can be answered",
        ),
      ),
    );
  }
  socket.destroySoon();
};

/** A whole answer, for a connection that the server library has let go of; the connection ends with it. */
export const refusalText = (refusal: DomainError): string => {
  const problem = problemOf(refusal);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  if (refusal.extras.retryAfter !== undefined) head.push(`retry-after: ${Math.ceil(refusal.extras.retryAfter)}`);
  return `${head.join("\r\n")}\r\n\r\n${body}`;
};

const clientErrors: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
  HPE_HEADER_OVERFLOW: "headers_too_large",
};

/** What the server library refuses by itself, by the status it gives. */
const libraryRefusals: Readonly<Record<number, ProblemCode>> = {
  // A path that leads out of a folder of files.
  403: "not_found",
  404: "not_found",
  413: "payload_too_large",
  414: "not_found",
  415: "unsupported_media_type",
};

/** Whatever it may be, it is the request's fault: never an answer of 500. */
const libraryRefusal = (status: number): ProblemCode | undefined =>
  libraryRefusals[status] ?? (status >= 400 && status < 500 ? "malformed_request" : undefined);

const asDomainError = (thrown: FastifyError | Error, request: FastifyRequest): DomainError => {
  if (thrown instanceof DomainError) return thrown;
  if ("validation" in thrown && thrown.validation !== undefined) return refusedField(thrown, request);
  const unavailable = asUnavailable(thrown);
  if (unavailable !== undefined) return unavailable;
  const code = "statusCode" in thrown ? libraryRefusal(thrown.statusCode ?? 500) : undefined;
  return code === undefined
    ? new DomainError("internal", "it is logged under the correlation id")
    : new DomainError(code, code === "unsupported_media_type" ? whichMediaType(request) : thrown.message);
};

const whichMediaType = ({ headers }: FastifyRequest): string => {
  const sent = headers["content-type"];
  const wanted = "send JSON, with the header content-type: application/json";
  return sent === undefined ? `the body has no content-type; ${wanted}` : `“${sent}” is not read here; ${wanted}`;
};

const refusedField = (
  { validation = [], validationContext = "body" }: FastifyError,
  request: FastifyRequest,
): DomainError => {
  if (validationContext === "params") return new DomainError("not_found", "nothing is at this address");
  if (validationContext === "body" && request.body === undefined) return missingBody(request);
  const errors = refusedFields(validation, validationContext);
  const [first] = errors;
  return new DomainError("validation", first === undefined ? "not valid" : `${first.field}: ${first.message}`, {
    errors,
  });
};

/** Names the first field that the request must have; without one, the body itself. */
const missingBody = ({ routeOptions }: FastifyRequest): DomainError => {
  const { required: [field] = [] } = (routeOptions.schema?.body ?? {}) as { required?: readonly string[] };
  return invalidField(field ?? "body", "is missing; the request has no body");
};

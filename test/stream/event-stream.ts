import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { createParser, type EventSourceMessage } from "eventsource-parser";

const LONGEST_MS = 120_000;

/** One connection to `/notifications/stream`, read by a standard parser. */
export interface EventStream {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** What was received so far, in order. */
  readonly events: readonly EventSourceMessage[];
  /** Comments received so far. */
  readonly comments: number;
  /** Resolves with all events as soon as there are `count`; rejects when the stream ends before, or after 120 s. */
  received(count: number): Promise<readonly EventSourceMessage[]>;
  /** The whole body, of an answer that is no stream. */
  body<T>(): Promise<T>;
  /** Stops and goes on reading from the network. */
  pause(): void;
  resume(): void;
  /** Cuts the connection without a word. */
  cut(): void;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
}

export interface StreamOptions {
  readonly token?: string | undefined;
  readonly ticket?: string;
  readonly since?: number;
  readonly lastEventId?: string;
  readonly path?: string;
}

export const openStream = async (url: string, options: StreamOptions): Promise<EventStream> => {
  const { token, ticket, since, lastEventId, path = "/api/v1/notifications/stream" } = options;
  const address = new URL(path, url);
  if (ticket !== undefined) address.searchParams.set("ticket", ticket);
  if (since !== undefined) address.searchParams.set("since", String(since));
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }),
  };
  const [response] = (await once(get(address, { headers, agent: false }), "response")) as [IncomingMessage];
  return readStream(response);
};

const readStream = (response: IncomingMessage): EventStream => {
  const received = createReceived();
  let comments = 0;
  let text = "";
  const parser = createParser({ onEvent: received.add, onComment: () => (comments += 1) });
  response.setEncoding("utf8");
  response.on("data", (chunk: string) => {
    if (response.statusCode === 200) parser.feed(chunk);
    else text += chunk;
  });
  response.on("error", () => undefined);
  response.on("close", received.end);

  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events: received.events,
    get comments() {
      return comments;
    },
    received: received.atLeast,
    async body<T>() {
      if (response.statusCode === 200) {
        response.destroy();
        throw new Error("the stream was opened; it should have been refused");
      }
      await received.ended;
      return JSON.parse(text) as T;
    },
    pause: () => response.pause(),
    resume: () => response.resume(),
    cut: () => response.destroy(),
    ended: received.ended,
  };
};

/** What a stream has brought so far, and how to wait for more. */
export const createReceived = () => {
  const events: EventSourceMessage[] = [];
  const end = Promise.withResolvers<void>();
  let wake = Promise.withResolvers<void>();
  const notify = (): void => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  return {
    events,
    ended: end.promise,
    end: () => end.resolve(),
    add(event: EventSourceMessage) {
      events.push(event);
      notify();
    },
    async atLeast(count: number) {
      const late = AbortSignal.timeout(LONGEST_MS);
      late.addEventListener("abort", notify);
      while (events.length < count) {
        const ended = await Promise.race([wake.promise.then(() => late.aborted), end.promise.then(() => true)]);
        if (ended && events.length < count)
          throw new Error(`${events.length} of ${count} events arrived: ${sequences(events).join(" ")}`);
      }
      return events;
    },
  };
};

/** The sequences of the events that are about tasks. */
export const sequences = (events: readonly EventSourceMessage[]): number[] =>
  events.filter(({ event }) => event?.startsWith("task.")).map(({ id }) => Number(id));

/** `first`, …, `last`. */
export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

import type { FastifyInstance } from "fastify";
import type { Scope } from "./contract/account.ts";
import type { ActorKind, Topic } from "./contract/event.ts";
import type { TaskFlowEvent } from "./contract/event.ts";
import type { Channel, Notification, NotificationDelivery } from "./contract/notification.ts";
import type { MetricName } from "./contract/metrics.ts";
import type { KeepOccurrences, KeptOccurrences } from "./contract/occurrences.ts";
import type { Task } from "./contract/task.ts";

/**
 * What a route needs: nothing, the services' own token, a person who signed in (no API token), or a token with this
 * scope. A route that does not say so cannot be registered.
 */
export type Access = "public" | "service" | "person" | Scope;

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
    /** The group of rate limits it counts in; `api` unless said. */
    limit?: "login" | "register" | "api";
    /** It is answered for as long as its reader stays, and counts among the open streams. */
    stream?: true;
  }
  interface FastifyRequest {
    /** Set before the handler of every route that is not public. */
    identity: Identity;
    /** Where it comes from, as limits count: an IPv4 address, or the /64 of an IPv6 one. */
    readonly addressKey: string;
    /** The `user_id` of an address in the owner form; checked already unless the route is public. */
    owner: string | undefined;
  }
}

/** Structured logging. Never a secret, a token, a password or a task's text. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Who acts, as far as a token proves it. */
export interface Identity {
  readonly userId: string;
  readonly actorKind: ActorKind;
  /** The user for a person, the token's id for a token, the service's name for the system. */
  readonly actorId: string;
  readonly scopes: readonly Scope[];
  readonly role: "user" | "admin";
  /** Of a person who signed in: the family of refresh tokens that the access token came with. */
  readonly sessionId?: string;
  /** The session or API token that it was proved by; null for the services themselves. */
  readonly credentialId: string | null;
}

/** Something that lets nobody in any more. The id of a disabled or closed user, with `user`. */
export interface EndedCredential {
  readonly kind: "session" | "token" | "user";
  readonly id: string;
  readonly userId: string;
}

/** Knows, without asking for each request, which sessions and API tokens have ended: by any process, within a second. */
export interface CredentialWatch {
  /** Whether this session or API token has ended lately: as long ago as an access token lives, or longer. */
  hasEnded(credentialId: string): boolean;
  /** Is told once of each that ends. Answers how to be told no more. */
  onEnd(listener: (ended: EndedCredential) => void): () => void;
  /** Learns at once what was ended just now; never fails. */
  look(): Promise<void>;
  /** Those of these sessions and API tokens that let their users in, by the database. */
  living(credentialIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Work of one user that may take long: it goes on in slices. */
export interface LongWork {
  /**
   * To be awaited between two steps. Undefined while the slice is not over, so that short work pays nothing.
   * @throws DomainError `rate_limited` when too many works of this user wait
   */
  giveWay(): Promise<void> | undefined;
  /** After waiting for something else, which is no work. */
  resume(): void;
}

/** Shares the event loop between users whose work is long and everyone else. */
export interface ProcessorShare {
  begin(userId: string): LongWork;
}

export interface TokenVerifier {
  /** The identity behind a bearer token; a DomainError `unauthenticated` when there is none. */
  verify(token: string): Promise<Identity>;
}

export interface PasswordHasher {
  /** The hash to store, with its parameters and salt in it. */
  hash(password: string): Promise<string>;
  /** Without a hash it answers false after the same work, so that the time taken does not tell who has an account. */
  verify(hash: string | undefined, password: string): Promise<boolean>;
  /** Whether it is among the passwords that are tried first, and so no secret. */
  isCommon(password: string): Promise<boolean>;
}

/** What an access token says of its bearer. */
export type SignedInPerson = Pick<Identity, "userId" | "role"> & { readonly sessionId: string };

export interface AccessTokens {
  /** A short-lived bearer token for a person, and the seconds it lives. */
  sign(person: SignedInPerson): { readonly token: string; readonly expiresIn: number };
}

/** Secrets that are shown once and stored as a hash only. */
export interface SecretSource {
  /** 256 random bits as base64url. */
  create(): string;
  /** What is stored. Fast on purpose: nobody can guess 256 random bits. */
  hashOf(secret: string): Buffer;
}

/** What only this installation can compute, and each of its processes computes alike. */
export interface KeyedHash {
  /** 32 bytes; another purpose has another key. Compare them in constant time. */
  hash(purpose: "undo handle" | "refresh token", text: string): Buffer;
}

/** What a consumer learns of a delivery beside the event itself. */
export interface Delivery {
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborted when the bus stops: finish or throw. */
  readonly signal: AbortSignal;
}

/**
 * One consumer's interest. `handle` returns when the effect is committed, and must bear the same event twice, late and
 * out of order; what it throws is retried with backoff and then goes to the dead letters.
 */
export interface Subscription {
  /** The service's app id. */
  readonly consumer: string;
  readonly topics: readonly Topic[];
  /** Every replica of the consumer gets every event, instead of one of them. */
  readonly broadcast?: boolean;
  handle(event: TaskFlowEvent, delivery: Delivery): Promise<void>;
}

export interface Bus {
  /** Before `start`. */
  subscribe(subscription: Subscription): void;
  start(): Promise<void>;
  /**
   * Resolves when the event is safe with the bus: with every consumer's acknowledgement (or dead letter) in process,
   * with the broker's over Dapr. Rejects when it is not; the caller publishes again. Events of one task published
   * one after the other are delivered in that order.
   */
  publish(event: TaskFlowEvent): Promise<void>;
  /** Ends deliveries within the grace period. What was not acknowledged is delivered after the next start. */
  stop(): Promise<void>;
  /** What keeps it from working, in words; empty when it works. */
  missing(): Promise<readonly string[]>;
}

export interface DeadLetter {
  readonly id: string;
  readonly consumer: string;
  /** As it came: what was refused may be anything. */
  readonly event: unknown;
  readonly reason: string;
  readonly attempts: number;
  readonly failed_at: string;
  /** When someone asked that the consumer be given it again; null when nobody did, or it failed again since. */
  readonly replay_requested_at: string | null;
}

export interface DeadLetters {
  /** The same event of the same consumer is kept once. */
  add(letter: { consumer: string; event: unknown; reason: string; attempts: number }): Promise<void>;
  list(page: { consumer?: string; after?: string; limit: number }): Promise<readonly DeadLetter[]>;
  /** Asks that consumers be given these again, all unless said; answers how many there are. */
  requestReplay(which: { consumer?: string; id?: string }): Promise<number>;
  /** Those of these consumers that were asked for, oldest first. */
  awaitingReplay(consumers: readonly string[], limit: number): Promise<readonly DeadLetter[]>;
  remove(id: string): Promise<void>;
}

/** The log of what happened to a user's things, by the user's sequence, which has no gaps. */
export interface EventLog {
  /** Events after `sequence`, in order. */
  after(userId: string, sequence: number, limit: number): Promise<readonly TaskFlowEvent[]>;
  /** The newest sequence, and the oldest that is still kept (head + 1 when nothing is). */
  range(userId: string): Promise<{ head: number; oldest: number }>;
  /** The newest sequences of many users in one round trip. */
  heads(userIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** The tasks among these that were changed since, as they are after their newest change, by their ids. */
  changedSince(
    tasks: readonly { readonly userId: string; readonly taskId: string; readonly sequence: number }[],
  ): Promise<ReadonlyMap<string, ChangedTask>>;
}

export interface ChangedTask {
  /** Of the change. */
  readonly sequence: number;
  readonly task: Task;
}

/** A notification that is due on a channel. */
export interface DueNotification {
  /** The same for every try, so that a channel can tell what it has taken already. */
  readonly deliveryId: string;
  readonly userId: string;
  readonly notification: Notification;
}

/** What became of it: how many places it came to (null where nobody can say), or why it came to none. */
export type ChannelResult =
  | { readonly reached: number | null }
  | { readonly failed: string; readonly permanent?: boolean };

/** One way to tell people something. */
export interface NotificationChannel {
  readonly name: Channel;
  /** The most it takes at once. */
  readonly batch: number;
  /** One result for each, in order. What it throws is a failure of all; each is tried again with backoff. */
  deliver(due: readonly DueNotification[]): Promise<readonly ChannelResult[]>;
}

/** When the next reminder is due. Both by the database's clock, so that nobody's own is asked. */
export interface NextReminder {
  /** Epoch ms. */
  readonly at: number;
  /** Milliseconds from now; negative when it has passed. */
  readonly inMs: number;
}

/**
 * Rings when reminders are due. It decides when the database is asked, never what is due: so it may ring too early,
 * twice, or not at all, and costs lateness at most.
 */
export interface ReminderTrigger {
  /**
   * How often to look without being rung, in milliseconds: for what the trigger lost, and what another replica left.
   */
  readonly sweepMs: number;
  /** `ring` resolves when what was due is given, and rejects when that failed. */
  start(ring: () => Promise<void>): void;
  /** Rings at that moment or just after it. What was set for an earlier one stays set. */
  set(next: NextReminder): void;
  stop(): Promise<void>;
  /** What keeps it from ringing in time, in words; empty when it works. */
  missing(): readonly string[];
}

/** What became of telling people of an event. */
export interface DeliveryTrace {
  /** On every channel, oldest first. */
  of(eventIds: readonly string[]): Promise<readonly NotificationDelivery[]>;
}

/** What became of a reminder, as far as reminder-service has learned. */
export interface ReminderState {
  /** The instant it was planned for, RFC 3339 in UTC with milliseconds. */
  readonly remind_at: string;
  readonly status: "pending" | "sent" | "cancelled";
  readonly fired_at: string | null;
  readonly late_ms: number | null;
}

export interface ReminderStates {
  /** Those of a task's reminders, by their ids; one that was not learned of yet is missing. */
  ofTask(userId: string, taskId: string): Promise<ReadonlyMap<string, ReminderState>>;
}

/** What other services ask of the owner of tasks. */
export interface TaskApi {
  /**
   * Makes the planned dates of one user's series that have not changed since they were planned. Safe to repeat.
   * @throws DomainError `forbidden` for an account that is closed or disabled
   */
  keepOccurrences(request: KeepOccurrences): Promise<KeptOccurrences>;
}

/** What people are called and what is theirs, for services that know ids only. */
export interface Directory {
  /** The present names of persons and tokens by their ids; who is gone is missing. */
  names(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The zone that the user is in; UTC for an account that is closed. */
  zoneOf(userId: string): Promise<string>;
  /** Whether the user has this task, in the trash or not. */
  hasTask(userId: string, taskId: string): Promise<boolean>;
}

/** Files of lines outside of the database, in one folder. A name that ends in `.gz` is compressed. */
export interface LineStore {
  /**
   * Writes a whole file, or nothing when it fails; on the disk when it resolves. Answers its size and SHA-256 (hex), as
   * stored.
   */
  write(
    name: string,
    lines: AsyncIterable<string> | Iterable<string>,
  ): Promise<{ readonly bytes: number; readonly sha256: string }>;
  /** Adds lines; on the disk when it resolves. Answers the file's size. */
  append(name: string, lines: readonly string[]): Promise<number>;
  /** The lines of a file, without their ends. A file that is not there has none. */
  read(name: string): AsyncIterable<string>;
  /** SHA-256 (hex) of the file as stored; undefined when it is not there. */
  checksum(name: string): Promise<string | undefined>;
  remove(name: string): Promise<void>;
}

/** A counter, gauge or histogram of `/metrics`; names are Prometheus', seconds are the unit of time. */
export interface Metrics {
  count(name: MetricName<"counter">, labels?: Readonly<Record<string, string>>, by?: number): void;
  gauge(name: MetricName<"gauge">, value: number, labels?: Readonly<Record<string, string>>): void;
  observe(name: MetricName<"histogram">, seconds: number, labels?: Readonly<Record<string, string>>): void;
}

/** A task that runs again and again until it is stopped; what it throws is logged and tried again with backoff. */
export interface Loop {
  /** Runs at once, or once more when it is running. */
  wake(): void;
  /** Resolves when the present run has ended. */
  stop(): Promise<void>;
}

/** Starts a loop that runs now, then `everyMs` after each run. */
export type StartLoop = (name: string, everyMs: number, run: (signal: AbortSignal) => Promise<void>) => Loop;

/** One of the five. It is started, asked and stopped by `main`, and knows the others by events and ports only. */
export interface Service {
  readonly name: string;
  readonly subscriptions: readonly Subscription[];
  /** Registers its routes, with paths below `/api/v1`. */
  routes(app: FastifyInstance): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** What keeps it from working, in words; empty when it is ready. */
  missing(): Promise<readonly string[]>;
  /** What it gave up on and goes on without, in words: readiness names it and stays ready. */
  setAside?(): readonly string[];
}

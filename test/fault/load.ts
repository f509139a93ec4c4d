import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { BulkAnswer, Task, UndoAnswer, WrittenTask } from "../../src/contract/task.ts";
import type { Ledger, Write } from "./ledger.ts";

export interface LoadOptions {
  readonly url: string;
  readonly users: readonly { readonly userId: string; readonly token: string }[];
  readonly writersPerUser: number;
  readonly ledger: Ledger;
}

/** Clients that write all the time, each request once its last one has an answer or none is to come. */
export interface Load {
  /** How often each status was answered; 0 stands for no answer. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Answers of status 503 that did not say when to try again. */
  readonly withoutRetryAfter: number;
  /** Resolves when every request that was sent has an answer, or none is to come. */
  stop(): Promise<void>;
}

const REQUEST_MS = 30_000;
/** After no answer or a 503, so that a server that is away is not asked in a loop. */
const PAUSE_MS = 50;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Client {
  /** Sends a try of a write. */
  send(write: Write, method: string, path: string, body?: unknown, key?: string): Promise<Answer | undefined>;
  readonly signal: AbortSignal;
}

export const startLoad = ({ url, users, writersPerUser, ledger }: LoadOptions): Load => {
  const statuses = new Map<number, number>();
  const stopping = new AbortController();
  let withoutRetryAfter = 0;

  const sender =
    (token: string): Client["send"] =>
    async (write, method, path, body, key) => {
      const correlation = randomUUID();
      write.tries.push(correlation);
      const headers = {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "x-correlation-id": correlation,
        ...(key === undefined ? {} : { "idempotency-key": key }),
      };
      try {
        const response = await fetch(`${url}/api/v1${path}`, {
          method,
          headers,
          body: JSON.stringify(body ?? {}),
          signal: AbortSignal.timeout(REQUEST_MS),
        });
        const text = await response.text();
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        if (response.status === 503 && !response.headers.has("retry-after")) withoutRetryAfter += 1;
        if (response.status < 500) return { status: response.status, body: JSON.parse(text) };
      } catch {
        statuses.set(0, (statuses.get(0) ?? 0) + 1);
      }
      await sleep(PAUSE_MS);
      return undefined;
    };

  const writers = users.flatMap(({ userId, token }) =>
    Array.from({ length: writersPerUser }, () =>
      writeOn(ledger, userId, { send: sender(token), signal: stopping.signal }),
    ),
  );
  return {
    statuses,
    get withoutRetryAfter() {
      return withoutRetryAfter;
    },
    async stop() {
      stopping.abort();
      await Promise.all(writers);
    },
  };
};

/** One client with tasks of its own: makes some, then does everything that can be done with a task, in turn. */
const writeOn = async (ledger: Ledger, userId: string, client: Client): Promise<void> => {
  const own: string[] = [];
  for (let turn = 0; !client.signal.aborted; turn += 1) {
    const step = steps[turn % steps.length];
    if (step !== undefined) await step({ ledger, userId, own, turn, client });
    if (own.length > 8) own.shift();
  }
};

interface Turn {
  readonly ledger: Ledger;
  readonly userId: string;
  /** Ids of tasks that are there. */
  readonly own: string[];
  readonly turn: number;
  readonly client: Client;
}

const make = async ({ ledger, userId, own, turn, client }: Turn): Promise<void> => {
  const write = ledger.begin(userId, 1);
  const answer = await client.send(write, "POST", "/tasks", { title: `made in turn ${turn}`, due_date: "2999-01-01" });
  for (const { id } of settle(ledger, write, answer)) own.push(id);
};

/** As a client does that wants to be sure: the same key until there is an answer. */
const makeForSure = async ({ ledger, userId, own, turn, client }: Turn): Promise<void> => {
  const write = ledger.begin(userId, 1);
  const key = randomUUID();
  let answer: Answer | undefined;
  while (answer === undefined && !client.signal.aborted)
    answer = await client.send(write, "POST", "/tasks", { title: `made for sure in turn ${turn}` }, key);
  for (const { id } of settle(ledger, write, answer)) own.push(id);
};

const rename = async ({ ledger, userId, own, turn, client }: Turn): Promise<void> => {
  const id = own[turn % own.length];
  if (id === undefined) return;
  const write = ledger.begin(userId, 1);
  settle(
    ledger,
    write,
    await client.send(write, "PATCH", `/tasks/${id}`, {
      title: `renamed ${randomUUID()}`,
      due_date: turn % 2 === 0 ? null : "2999-01-01T09:00",
    }),
  );
};

const command =
  (name: string) =>
  async ({ ledger, userId, own, client }: Turn): Promise<void> => {
    const id = own.at(-1);
    if (id === undefined) return;
    const write = ledger.begin(userId, 1);
    settle(ledger, write, await client.send(write, "POST", `/tasks/${id}/${name}`));
  };

const BULK = 5;

/** Makes several tasks as one write, and takes it back as one. */
const bulkAndBack = async ({ ledger, userId, client, turn }: Turn): Promise<void> => {
  const write = ledger.begin(userId, BULK);
  const operations = Array.from({ length: BULK }, (_none, index) => ({
    op: "create",
    task: { title: `${index} of the bulk of turn ${turn}` },
  }));
  const answer = await client.send(write, "POST", "/tasks/bulk", { operations });
  settle(ledger, write, answer);
  if (answer?.status !== 200) return;
  const back = ledger.begin(userId, BULK);
  settle(ledger, back, await client.send(back, "POST", `/undo/${(answer.body as BulkAnswer).undo}`));
};

/** Moves tasks to the trash and back in one write each. */
const trashAndBack = async ({ ledger, userId, own, client }: Turn): Promise<void> => {
  for (const op of ["delete", "restore"]) {
    const operations = own.slice(0, 3).map((id) => ({ op, id }));
    if (operations.length === 0) return;
    const write = ledger.begin(userId, operations.length);
    const answer = await client.send(write, "POST", "/tasks/bulk", { operations });
    settle(ledger, write, answer);
    // Without an answer nobody knows where they are: they are left alone.
    if (answer === undefined) own.splice(0, operations.length);
  }
};

const steps = [
  make,
  rename,
  makeForSure,
  command("complete"),
  rename,
  command("reopen"),
  bulkAndBack,
  rename,
  trashAndBack,
  make,
];

/** Writes an answer into the ledger; answers the tasks as they were left. */
const settle = (ledger: Ledger, write: Write, answer: Answer | undefined): readonly Task[] => {
  if (answer === undefined) return [];
  if (answer.status >= 400) {
    ledger.refuse(write);
    return [];
  }
  const body = answer.body as WrittenTask | BulkAnswer | UndoAnswer;
  const tasks = "tasks" in body ? body.tasks : [withoutHandle(body)];
  ledger.answer(write, tasks, body.undo === null);
  return tasks;
};

const withoutHandle = ({ undo: _undo, warnings: _warnings, ...task }: WrittenTask): Task => task;

import type { FastifyInstance } from "fastify";
import { Pool } from "undici";
import { DomainError } from "../../contract/problem.ts";
import type { Logger, Metrics, NextReminder, ReminderTrigger } from "../../ports.ts";
import { createRecentFaults } from "../bus/dapr/readiness.ts";
import { createSenderCheck } from "../bus/dapr/sender.ts";

export interface DaprJobsTriggerOptions {
  /** Of the sidecar's HTTP API, `http://127.0.0.1:3500`. */
  readonly sidecarUrl: string;
  /** DAPR_API_TOKEN, where the sidecar asks for one. */
  readonly apiToken: string | undefined;
  /** APP_API_TOKEN; without it jobs are refused. */
  readonly appToken: string | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface DaprJobsTrigger extends ReminderTrigger {
  /** The address that the sidecar posts jobs to. */
  routes(app: FastifyInstance): void;
}

/** What the scheduler lost is found so late at most. */
const SWEEP_MS = 5_000;
/** A job is set again so often, for a scheduler that has lost it; it has the same name, and replaces itself. */
const AGAIN_MS = 60_000;
/** Go's durations end after 292 years, and people's patience earlier: a job that rings too early only looks. */
const LONGEST_MS = 24 * 3_600_000;
const SCHEDULER = "scheduler";
/** The scheduler's own retries: an app that restarts is there again by then, and looks for itself. */
const failurePolicy = { constant: { interval: "1s", maxRetries: 10 } };

/**
 * Dapr's Jobs API as the trigger (docs/adr/0022): one job ahead, for the first reminder to come. It is named by the
 * instant, so that replicas that look at the same schedule set the same job; and it is due after so many milliseconds,
 * so that the scheduler's clock does not matter. The schedule is the truth: a job is never deleted, because one that is
 * for nothing finds nothing.
 */
export const createDaprJobsTrigger = ({
  sidecarUrl,
  apiToken,
  appToken,
  log,
  metrics,
}: DaprJobsTriggerOptions): DaprJobsTrigger => {
  const pool = new Pool(sidecarUrl, {
    connections: 4,
    connect: { timeout: 2_000 },
    headersTimeout: 5_000,
    bodyTimeout: 5_000,
  });
  const headers = {
    "content-type": "application/json",
    ...(apiToken === undefined ? {} : { "dapr-api-token": apiToken }),
  };
  /** The job ahead, by the clock that never jumps. */
  let ahead: { readonly at: number; readonly ringsAt: number; readonly setAt: number } | undefined;
  const faults = createRecentFaults(() => performance.now());
  let ring: (() => Promise<void>) | undefined;

  const schedule = async (at: number, delay: number): Promise<void> => {
    // Without data the sidecar fails to post it, again and again.
    const body = JSON.stringify({ dueTime: `${delay}ms`, overwrite: true, data: { at }, failurePolicy });
    const answer = await pool.request({ method: "POST", path: `/v1.0/jobs/${nameOf(at)}`, headers, body });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${text.slice(0, 300)}`);
  };

  const setAhead = async (at: number, delay: number): Promise<void> => {
    const now = performance.now();
    const job = { at, ringsAt: now + delay, setAt: now };
    ahead = job;
    try {
      await schedule(at, delay);
      faults.clear(SCHEDULER);
    } catch (error) {
      // The sweep sets it again.
      if (ahead === job) ahead = undefined;
      metrics.count("taskflow_reminder_job_failures_total");
      if (ring === undefined) return;
      if (faults.list().length === 0)
        log.warn({ err: error }, "a job could not be scheduled; the sweep gives what is due");
      faults.add(
        SCHEDULER,
        `the scheduler does not take jobs: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };

  return {
    sweepMs: SWEEP_MS,
    start(toRing) {
      ring = toRing;
    },
    set({ at, inMs }: NextReminder) {
      const now = performance.now();
      const isSet = ahead !== undefined && ahead.at <= at && ahead.ringsAt > now && now - ahead.setAt < AGAIN_MS;
      if (!isSet) void setAhead(at, Math.min(LONGEST_MS, Math.max(1, Math.ceil(inMs))));
    },
    async stop() {
      ring = undefined;
      await pool.destroy();
    },
    missing: () => [
      ...(appToken === undefined ? ["APP_API_TOKEN is not set, so jobs are refused"] : []),
      ...faults.list(),
    ],
    routes(app) {
      void app.register(async (jobs) => {
        const check = createSenderCheck({
          appToken,
          onRefused: (reason) => metrics.count("taskflow_reminder_jobs_refused_total", { reason }),
        });
        jobs.addHook("onRequest", async (request) => check(request));
        jobs.post<{ Params: { name: string } }>("/job/:name", { schema: { hide: true } }, async ({ params }, reply) => {
          // To the scheduler a 404 is a job well done, and one of an older release is.
          if (!isOurs(params.name)) return reply.code(404).send();
          if (ring === undefined)
            throw new DomainError("unavailable", "reminder-service is not started", { retryAfter: 1 });
          ahead = undefined;
          await ring();
          return reply.send({});
        });
      });
    },
  };
};

const PREFIX = "reminders-";
const nameOf = (at: number): string => `${PREFIX}${at}`;
const isOurs = (name: string): boolean => name.startsWith(PREFIX);

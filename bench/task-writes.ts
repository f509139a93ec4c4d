import { createDatabase } from "../src/adapters/db/database.ts";
import { migrate } from "../src/adapters/db/migrate.ts";
import { createTestDatabase } from "../test/harness/postgres.ts";
import { machine, makeUsers, milliseconds, row, startServer } from "./harness.ts";
import type { Measured } from "./load/closed-loop.ts";
import { middleOf, runLoad } from "./load/program.ts";

/**
 * Writing a task through HTTP, beside the bare driver that runs the very same statement with as many connections. Each
 * round measures both, one after the other, because other load on the machine comes and goes. Server, database and load
 * share this machine; each is a process of its own.
 */
const CLIENTS = [1, 16, 50];
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const CONNECTIONS = 10;
const USERS = 50;

interface Http extends Measured {
  /** Milliseconds of processor time that the server's process took for a write. */
  readonly cpu: number;
}

const server = await startServer({ TASKFLOW_DATABASE_POOL: String(CONNECTIONS) });
const bare = await createTestDatabase();
const userIds = await makeBareUsers(bare.url);
const tokens = await server.users(USERS);
const cpuSeconds = (): Promise<number> => server.metric("process_cpu_seconds_total");

const measureHttp = async (loop: object): Promise<Http> => {
  const before = await cpuSeconds();
  const measured = await runLoad("./http-load.ts", { ...loop, url: server.url, tokens });
  return { ...measured, cpu: (((await cpuSeconds()) - before) * 1_000) / measured.count };
};

console.log(
  `${machine()}; ${CONNECTIONS} connections, ${USERS} users, ${ROUNDS} rounds of ${SECONDS} s, the middle one shown\n`,
);
console.log(row("clients", "", "writes/s", "p50", "p95", "p99", "server's CPU a write"));
console.log(row("---:", "---", "---:", "---:", "---:", "---:", "---:"));
for (const clients of CLIENTS) {
  const loop = { clients, warmUpSeconds: 2, seconds: SECONDS };
  const rounds: { http: Http; bare: Measured }[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push({
      http: await measureHttp(loop),
      bare: await runLoad("./bare-load.ts", { ...loop, databaseUrl: bare.url, userIds, connections: CONNECTIONS }),
    });
  const ratios = rounds.map(({ http, bare }) => http.perSecond / bare.perSecond).toSorted((one, other) => one - other);
  const http = middleOf(rounds.map(({ http }) => http));
  show(clients, "TaskFlow", http, milliseconds(http.cpu));
  show(clients, "bare driver", middleOf(rounds.map(({ bare }) => bare)), "");
  console.log(
    row(
      "",
      `ratio (${ratios.map((ratio) => ratio.toFixed(2)).join(", ")})`,
      `**${ratios[Math.floor(ratios.length / 2)]?.toFixed(2)}**`,
      "",
      "",
      "",
      "",
    ),
  );
}
await server.stop();
await bare.drop();

function show(clients: number, what: string, { perSecond, p50, p95, p99 }: Measured, cpu: string): void {
  console.log(row(clients, what, Math.round(perSecond), milliseconds(p50), milliseconds(p95), milliseconds(p99), cpu));
}

async function makeBareUsers(url: string): Promise<readonly string[]> {
  const database = createDatabase({ url, connections: 1, applicationName: "bench", onConnectionError: console.error });
  await migrate(database.kysely);
  await database.close();
  return makeUsers(url, USERS);
}

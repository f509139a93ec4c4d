// npm test: everything. `npm test -- unit`, `npm test -- test/start` run a part: names of groups, or paths.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { buildWeb, installPackages, node, root } from "./bootstrap.mjs";
import { findChromium, findInfra } from "./test-machine.mjs";
import { TIME_MARK } from "./test-report.mjs";

/**
 * In order; a file belongs to the first group that takes it. `needs` answers why the machine cannot run it, if it
 * cannot. With `postgres`, the files of the group share one server, and each makes its own databases on it. A group
 * that is `besideRest` runs at the same time as those after it, which take turns: it mostly waits for a browser.
 */
const groups = [
  { name: "unit", takes: (file) => !file.startsWith("test/"), concurrency: 2 },
  {
    name: "chromium",
    takes: (file) => file.startsWith("test/e2e/"),
    concurrency: 1,
    needs: findChromium,
    web: true,
    postgres: true,
    besideRest: true,
  },
  {
    name: "dapr",
    takes: (file) => file.startsWith("test/infra/") || file.endsWith(".dapr.test.ts"),
    concurrency: 1,
    needs: findInfra,
  },
  { name: "postgresql", takes: () => true, concurrency: 2, postgres: true },
];

/**
 * Ends a test that hangs; what it waits for has a limit of its own. The longest takes two minutes, and ten on a machine
 * that is busy.
 */
const LONGEST_TEST_MS = 1_200_000;
/** Of a run's files, so many are named with their time: where a run that grew too long is made shorter. */
const MOST_SLOW_FILES = 12;
/** Of a run's failures, what is said once more at its end. */
const MOST_LINES_OF_FAILURES = 200;

await installPackages();
const files = ["src", "test", "web/src", "web/worker", "scripts"].flatMap(testFiles);
const asked = process.argv.slice(2);
const wanted = files.filter(
  (file) => asked.length === 0 || asked.some((name) => name === groupOf(file).name || file.startsWith(name)),
);
if (wanted.length === 0)
  fail(`No tests match ${asked.join(" ")}; groups are ${groups.map(({ name }) => name).join(", ")}.`);

const results = [];
for (const rows of turns()) {
  const toRun = rows
    .map((row) => row.filter((group) => wanted.some((file) => groupOf(file) === group)))
    .filter((row) => row.length > 0);
  // What runs beside another prints when it has ended, or nobody could read either.
  results.push(...(await Promise.all(toRun.map((row, index) => runInTurn(row, index === 0)))).flat());
}
process.stdout.write(`\n${slowest(results)}${results.map(({ line }) => line).join("\n")}\n${endOfRun(results)}`);
process.exit(results.every(({ passed }) => passed) ? 0 : 1);

/**
 * The groups in the order they run: each turn is rows that run at the same time, and a row is groups that run one after
 * the other.
 */
function turns() {
  const beside = groups.findIndex(({ besideRest }) => besideRest);
  return [...groups.slice(0, beside).map((group) => [[group]]), [[groups[beside]], groups.slice(beside + 1)]];
}

async function runInTurn(row, printsAtOnce) {
  const ended = [];
  for (const group of row)
    ended.push(
      await runGroup(
        group,
        wanted.filter((file) => groupOf(file) === group),
        printsAtOnce,
      ),
    );
  return ended;
}

function testFiles(folder) {
  let names = [];
  try {
    names = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  const tests = names.filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name));
  return tests.map((entry) => relative(root, join(entry.parentPath, entry.name))).toSorted();
}

function groupOf(file) {
  return groups.find(({ takes }) => takes(file));
}

/** What a machine cannot have is skipped, and said; on CI it is a failure. */
async function runGroup({ name, concurrency, needs, web, postgres }, tests, printsAtOnce) {
  const lacking = needs?.();
  if (lacking)
    return {
      passed: !process.env["CI"],
      line: `${name}: SKIPPED ${tests.length} files, because ${lacking}: ${tests.join(", ")}`,
    };
  if (web) await buildWeb();
  const startedAt = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "taskflow-failures-"));
  const reportFile = join(folder, name);
  const setup = postgres ? ["--test-global-setup=test/harness/shared-postgres.ts"] : [];
  const status = await run(
    [
      "--test",
      `--test-concurrency=${concurrency}`,
      `--test-timeout=${LONGEST_TEST_MS}`,
      ...setup,
      ...reporters(reportFile),
      ...tests,
    ],
    printsAtOnce,
  );
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const report = existsSync(reportFile) ? readFileSync(reportFile, "utf8").split(/(?<=\n)/) : [];
  const failures = report.filter((line) => !line.startsWith(TIME_MARK)).join("");
  rmSync(folder, { recursive: true });
  const passed = status === 0;
  return {
    passed,
    times: report.filter((line) => line.startsWith(TIME_MARK)).map((line) => line.slice(TIME_MARK.length)),
    line: `${name}: ${passed ? "passed" : "FAILED"}, ${tests.length} files in ${seconds} s`,
    failures:
      passed || failures !== "" ? failures : `✖ ${name} ended with ${status} and no failing test: why is printed above`,
  };
}

/** Everything is printed as it happens; failures, and how long each file took, are kept beside it. */
function reporters(reportFile) {
  return [
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    `--test-reporter=${pathToFileURL(join(root, "scripts", "test-report.mjs")).href}`,
    `--test-reporter-destination=${reportFile}`,
  ];
}

/** The files that took longest, where there were many. */
function slowest(results) {
  const files = results.flatMap(({ times = [] }) => times);
  if (files.length <= MOST_SLOW_FILES) return "";
  const byTime = files.toSorted((one, other) => Number.parseFloat(other) - Number.parseFloat(one));
  return `The files that took longest:\n${byTime.slice(0, MOST_SLOW_FILES).join("")}\n`;
}

/** What failed, of all groups, for whoever sees only the end of a log. The more there are, the less is said of each. */
function endOfRun(results) {
  const failed = results.flatMap(({ failures = "" }) => failures.split(/^(?=✖)/m).filter(Boolean));
  if (failed.length === 0) return "";
  const mostOfOne = Math.max(2, Math.floor(MOST_LINES_OF_FAILURES / failed.length));
  const lines = failed.flatMap((failure) => failure.trimEnd().split("\n").slice(0, mostOfOne));
  return `\n${failed.length} failed:\n${lines.slice(0, MOST_LINES_OF_FAILURES).join("\n")}\n`;
}

/** Answers the exit status; null for a run that was killed. */
function run(args, printsAtOnce) {
  const child = spawn(node, args, { cwd: root, stdio: printsAtOnce ? "inherit" : ["ignore", "pipe", "pipe"] });
  const printed = [];
  for (const stream of printsAtOnce ? [] : [child.stdout, child.stderr])
    stream.on("data", (chunk) => printed.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      process.stdout.write(Buffer.concat(printed));
      resolve(status);
    });
  });
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

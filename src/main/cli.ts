import { writeSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { Refusal } from "../adapters/refusal.ts";
import type { Command } from "./commands/command.ts";
import { helpText } from "./commands/help.ts";
import { explainFailure } from "./explain-failure.ts";
import { nearestName } from "./nearest-name.ts";
import { version } from "./version.ts";

// Compiled code is kept beside the packages, where only who may change the code may write: a start takes a third less
// of the processor.
enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/compiled", import.meta.url)));

/** Loaded when asked for, so that help and refusals need not wait for the server's libraries. */
const commands: Readonly<Record<string, Command>> = {
  audit: {
    help: "Prove the history, compare it with the event log, or restore an archived month.",
    run: async (args) => (await import("./commands/audit.ts")).audit(args),
  },
  backup: {
    help: "Write everything into one file, while TaskFlow runs or not.",
    run: async (args) => (await import("./commands/backup.ts")).backup(args),
  },
  "dead-letters": {
    help: "List the events a consumer could not take, or replay them.",
    run: async (args) => (await import("./commands/dead-letters.ts")).deadLetters(args),
  },
  migrate: {
    help: "Bring the schema of DATABASE_URL up to date, and give the services' roles their tables.",
    run: async (args) => (await import("./commands/migrate.ts")).migrate(args),
  },
  restore: {
    help: "Bring a backup back, into an empty data folder or database.",
    run: async (args) => (await import("./commands/restore.ts")).restore(args),
  },
  serve: {
    help: "Run TaskFlow (also without a command).",
    run: async (args) => (await import("./commands/serve.ts")).serve(args),
  },
};

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--help") || args[0] === "help") return print(helpText(commands));
  if (args.includes("--version")) return print(`${version}\n`);
  const [first, ...rest] = args;
  if (first === undefined || first.startsWith("-")) return find("serve").run(args);
  await find(first).run(rest);
}

function find(name: string): Command {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command;
  const nearest = nearestName(name, Object.keys(commands));
  throw new Refusal(
    `${name} is not a command of TaskFlow${nearest ? `; did you mean ${nearest}?` : "; --help lists them."}`,
  );
}

function print(text: string): void {
  process.stdout.write(text);
}

/** A refusal, and a failure of the machine, is its sentence; anything else is a fault of ours and shows where it came from. */
function report(thrown: unknown): never {
  const error = explainFailure(thrown) ?? thrown;
  const isUsage = String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS");
  const sentence =
    error instanceof Refusal || isUsage ? (error as Error).message : String((error as Error).stack ?? error);
  writeSync(process.stderr.fd, `taskflow: ${sentence}\n`);
  process.exit(1);
}

main(process.argv.slice(2)).catch(report);

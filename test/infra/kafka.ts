import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Infra } from "./install.ts";
import { freePort } from "./ports.ts";
import { startProgram, waitFor, type RunningProgram } from "./process.ts";
import { createTopics, readTopics, type Topic } from "./topics.ts";

const run = promisify(execFile);

const CLUSTER_ID = "taskflow-one-machine-0";
const READY_MS = 180_000;
const TOOL_MS = 120_000;
/** The tools live for a second: compiling them well costs more than it gives. */
export const TOOL_OPTIONS = [
  "-XX:TieredStopAtLevel=1",
  "-XX:+UseSerialGC",
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
];

export interface KafkaOptions {
  readonly infra: Infra;
  /** Holds the data, the settings and the log. A folder that was used before is opened again. */
  readonly folder: string;
  readonly port?: number;
  readonly controllerPort?: number;
  /** Another listener where only known users come in, each to what it was allowed (deploy/kafka/access.sh). */
  readonly access?: boolean;
}

export interface Kafka {
  /** `127.0.0.1:port` */
  readonly brokers: string;
  /** Where users come in; only with `access`. Whoever comes to `brokers` may do everything then. */
  readonly userBrokers: string | undefined;
  readonly program: RunningProgram;
  readonly ready: () => Promise<void>;
  /** Stop, or kill, and start again on the same data and port; answers when it takes connections. */
  readonly restart: (how?: "stop" | "kill") => Promise<void>;
  /** Creates those that are not there yet; by default the topics that ship. */
  readonly createTopics: (topics?: readonly Topic[]) => Promise<void>;
  /** One of Kafka's own command line tools by its Java class; answers what it prints. */
  readonly tool: (javaClass: string, ...args: string[]) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts one broker in KRaft mode on 127.0.0.1, and answers when it takes connections. */
export async function startKafka(options: KafkaOptions): Promise<Kafka> {
  const { infra, folder } = options;
  const port = options.port ?? (await freePort());
  const settings = join(folder, "server.properties");
  mkdirSync(folder, { recursive: true });
  const userPort = options.access === true ? await freePort() : undefined;
  const controllerPort = options.controllerPort ?? (await freePort());
  writeFileSync(settings, serverProperties(folder, { port, controllerPort, userPort }));
  if (!existsSync(join(folder, "data", "meta.properties"))) await format(infra, settings);

  const brokers = `127.0.0.1:${port}`;
  const program = startProgram({
    name: "kafka",
    command: infra.java,
    args: [
      "-Xms128m",
      "-Xmx512m",
      "-XX:+UseSerialGC",
      "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
      "-cp",
      infra.kafkaClasspath,
      "kafka.Kafka",
      settings,
    ],
    folder,
  });
  const tool = async (javaClass: string, ...args: string[]) =>
    (await run(infra.java, toolArgs(infra, javaClass, args), { timeout: TOOL_MS })).stdout;
  const ready = async () => {
    await waitFor(() => accepts(port), { what: `Kafka to listen on ${brokers}`, timeoutMs: READY_MS, program });
  };
  await ready();
  return {
    brokers,
    userBrokers: userPort === undefined ? undefined : `127.0.0.1:${userPort}`,
    program,
    ready,
    tool,
    restart: async (how = "stop") => {
      await program[how]();
      program.start();
      await ready();
    },
    createTopics: (topics = readTopics()) => createTopics(port, topics),
    stop: async () => {
      await program.stop();
    },
  };
}

async function format(infra: Infra, settings: string): Promise<void> {
  await run(infra.java, toolArgs(infra, "kafka.tools.StorageTool", ["format", "-t", CLUSTER_ID, "-c", settings]), {
    timeout: TOOL_MS,
  });
}

function toolArgs(infra: Infra, javaClass: string, args: readonly string[]): string[] {
  return [...TOOL_OPTIONS, "-cp", infra.kafkaClasspath, javaClass, ...args];
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => socket.end(() => resolve(true)));
    socket.once("error", () => resolve(false));
  });
}

interface Ports {
  readonly port: number;
  readonly controllerPort: number;
  readonly userPort: number | undefined;
}

function serverProperties(folder: string, { port, controllerPort, userPort }: Ports): string {
  const users = userPort === undefined ? "" : `,SASL_PLAINTEXT://127.0.0.1:${userPort}`;
  return `${Object.entries({
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `PLAINTEXT://127.0.0.1:${port}${users},CONTROLLER://127.0.0.1:${controllerPort}`,
    "log.dirs": join(folder, "data"),
    "offsets.topic.num.partitions": "5",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    // A topic that was not made is an error to be seen, not one to be made by chance with other settings.
    "auto.create.topics.enable": "false",
    ...(userPort === undefined ? {} : accessProperties),
  })
    .map(([name, value]) => `${name}=${value}`)
    .join("\n")}\n`;
}

/** As `deploy/compose.yaml` sets them: who comes in without a name, on loopback alone, may do everything. */
const accessProperties = {
  "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
  "super.users": "User:ANONYMOUS",
  "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
  "sasl.enabled.mechanisms": "SCRAM-SHA-512",
  "listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config":
    "org.apache.kafka.common.security.scram.ScramLoginModule required;",
} as const;

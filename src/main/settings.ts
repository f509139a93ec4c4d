import {
  folder,
  integer,
  oneOf,
  someOf,
  text,
  toggle,
  trustedProxies,
  url,
  type SettingType,
} from "./setting-types.ts";

/** One environment variable that TaskFlow reads. */
export interface Setting<T> {
  readonly name: string;
  readonly group: Group;
  readonly type: SettingType<Exclude<T, undefined>>;
  /** As it would be written; none when the setting may be missing. */
  readonly default?: string;
  /** One line. */
  readonly help: string;
  /** Never shown, and may come from the file named in `<name>_FILE`. */
  readonly secret?: true;
}

export type Group =
  | "Server"
  | "Data"
  | "Services and bus"
  | "Secrets"
  | "Accounts and limits"
  | "Tasks and events"
  | "Live updates";

type Description<T> = Omit<Setting<T>, "name" | "default">;

function setting<T>(name: string, description: Description<T> & { default: string }): Setting<T> {
  return { name, ...description };
}

function optional<T>(name: string, description: Description<T>): Setting<T | undefined> {
  return { name, ...description };
}

export const roleNames = [
  "chat-api",
  "recurring-processor",
  "reminder-service",
  "notification-service",
  "audit-logger",
] as const;

const days = integer(0, 36_500, "days");
const seconds = integer(1, 3_600, "seconds");
const perMinute = integer(1, 1_000_000, "per minute");

/** Every setting there is: what is not here is refused. The key is the setting's name in the code. */
export const settings = {
  port: setting("TASKFLOW_PORT", {
    group: "Server",
    type: integer(0, 65_535, "port"),
    default: "8000",
    help: "The HTTP port; 0 takes any free one.",
  }),
  host: setting("TASKFLOW_HOST", {
    group: "Server",
    type: text,
    default: "127.0.0.1",
    help: "The address to listen on; 0.0.0.0 for every network.",
  }),
  trustProxy: setting("TASKFLOW_TRUST_PROXY", {
    group: "Server",
    type: trustedProxies,
    default: "off",
    help: "Whose X-Forwarded-For is believed: one proxy in a private network (on), so many in a row, or those named.",
  }),
  metricsPort: optional("TASKFLOW_METRICS_PORT", {
    group: "Server",
    type: integer(0, 65_535, "port"),
    help: "A port of its own for /metrics; without it, they are at TASKFLOW_PORT for this machine alone.",
  }),
  metricsHost: setting("TASKFLOW_METRICS_HOST", {
    group: "Server",
    type: text,
    default: "127.0.0.1",
    help: "The address of TASKFLOW_METRICS_PORT; 0.0.0.0 for every network.",
  }),
  docs: setting("TASKFLOW_DOCS", {
    group: "Server",
    type: toggle,
    default: "on",
    help: "Whether /docs and /openapi.json are there.",
  }),
  readinessDetails: setting("TASKFLOW_READINESS_DETAILS", {
    group: "Server",
    type: toggle,
    default: "on",
    help: "Whether /health/ready says what is missing.",
  }),
  shutdownSeconds: setting("TASKFLOW_SHUTDOWN_SECONDS", {
    group: "Server",
    type: seconds,
    default: "10",
    help: "How long a stop may take before it is cut short.",
  }),
  logLevel: setting("TASKFLOW_LOG_LEVEL", {
    group: "Server",
    type: oneOf("fatal", "error", "warn", "info", "debug", "trace", "silent"),
    default: "info",
    help: "The least important lines to log.",
  }),
  webDist: optional("TASKFLOW_WEB_DIST", {
    group: "Server",
    type: folder,
    help: "The built web app; without it, web/dist of this installation.",
  }),
  environment: setting("NODE_ENV", {
    group: "Server",
    type: text,
    default: "development",
    help: "In production every secret must be given, none is made.",
  }),

  dataDir: setting("TASKFLOW_DATA_DIR", {
    group: "Data",
    type: folder,
    default: "./data",
    help: "Where the embedded database and the generated secrets live.",
  }),
  databaseUrl: optional("DATABASE_URL", {
    group: "Data",
    type: url("postgresql", "postgres"),
    secret: true,
    help: "A PostgreSQL server (15 or newer); without it, the embedded one.",
  }),
  databasePool: setting("TASKFLOW_DATABASE_POOL", {
    group: "Data",
    type: integer(1, 1_000, "connections"),
    default: "10",
    help: "The most database connections a process keeps.",
  }),

  roles: setting("TASKFLOW_ROLES", {
    group: "Services and bus",
    type: someOf(...roleNames),
    default: "all",
    help: "Which services this process runs.",
  }),
  bus: optional("TASKFLOW_BUS", {
    group: "Services and bus",
    type: oneOf("in-process", "dapr"),
    help: "How events travel; in-process when all roles run here, else dapr.",
  }),
  pubsub: setting("TASKFLOW_PUBSUB", {
    group: "Services and bus",
    type: text,
    default: "taskflow-pubsub",
    help: "The name of the Dapr pub/sub component.",
  }),
  broadcastPubsub: setting("TASKFLOW_BROADCAST_PUBSUB", {
    group: "Services and bus",
    type: text,
    default: "taskflow-broadcast",
    help: "The name of the component that gives every replica every event.",
  }),
  daprHttpPort: setting("DAPR_HTTP_PORT", {
    group: "Services and bus",
    type: integer(1, 65_535, "port"),
    default: "3500",
    help: "The sidecar's HTTP port (Dapr's own name).",
  }),
  notificationUrl: optional("TASKFLOW_NOTIFICATION_URL", {
    group: "Services and bus",
    type: url("http", "https"),
    help: "Where chat-api passes /api/v1/notifications on to, when another process serves it.",
  }),
  auditUrl: optional("TASKFLOW_AUDIT_URL", {
    group: "Services and bus",
    type: url("http", "https"),
    help: "Where chat-api passes the history's routes on to, when another process serves them.",
  }),
  reminderUrl: optional("TASKFLOW_REMINDER_URL", {
    group: "Services and bus",
    type: url("http", "https"),
    help: "Where chat-api passes GET /api/v1/reminders on to, when another process serves it.",
  }),
  reminderTrigger: setting("TASKFLOW_REMINDER_TRIGGER", {
    group: "Services and bus",
    type: oneOf("timer", "dapr-jobs"),
    default: "timer",
    help: "What wakes the reminder service: a timer of its own, or jobs of Dapr's scheduler.",
  }),

  jwtSecret: optional("TASKFLOW_JWT_SECRET", {
    group: "Secrets",
    type: text,
    secret: true,
    help: "Signs access tokens; 32 bytes or more. Generated on one machine.",
  }),
  serviceToken: optional("TASKFLOW_SERVICE_TOKEN", {
    group: "Secrets",
    type: text,
    secret: true,
    help: "Proves one service to another; 32 bytes or more. Generated on one machine.",
  }),
  auditKey: optional("TASKFLOW_AUDIT_KEY", {
    group: "Secrets",
    type: text,
    secret: true,
    help: "Signs the ends of the history's chains; 32 bytes or more, never changed. Generated on one machine.",
  }),
  backupPassphrase: optional("TASKFLOW_BACKUP_PASSPHRASE", {
    group: "Secrets",
    type: text,
    secret: true,
    help: "Seals what backup writes, and opens it for restore; keep it apart from the backups.",
  }),
  appApiToken: optional("APP_API_TOKEN", {
    group: "Secrets",
    type: text,
    secret: true,
    help: "What the sidecar shows on every delivery (Dapr's own name).",
  }),
  daprApiToken: optional("DAPR_API_TOKEN", {
    group: "Secrets",
    type: text,
    secret: true,
    help: "What the sidecar asks of us (Dapr's own name).",
  }),

  registration: setting("TASKFLOW_REGISTRATION", {
    group: "Accounts and limits",
    type: oneOf("open", "closed"),
    default: "open",
    help: "Whether anyone may make an account.",
  }),
  rateLimits: setting("TASKFLOW_RATE_LIMITS", {
    group: "Accounts and limits",
    type: toggle,
    default: "on",
    help: "Off for tests and benches only.",
  }),
  rateLimitLogin: setting("TASKFLOW_RATE_LIMIT_LOGIN", {
    group: "Accounts and limits",
    type: perMinute,
    default: "10",
    help: "Logins from one address; guesses of one user where a password is asked for.",
  }),
  rateLimitRegister: setting("TASKFLOW_RATE_LIMIT_REGISTER", {
    group: "Accounts and limits",
    type: perMinute,
    default: "10",
    help: "Registrations from one address.",
  }),
  rateLimitApi: setting("TASKFLOW_RATE_LIMIT_API", {
    group: "Accounts and limits",
    type: perMinute,
    default: "1200",
    help: "Requests of one user, of all routes.",
  }),
  rateLimitAddress: setting("TASKFLOW_RATE_LIMIT_ADDRESS", {
    group: "Accounts and limits",
    type: perMinute,
    default: "6000",
    help: "Requests from one address outside of the API: pages, files, documents.",
  }),
  rateLimitRefused: setting("TASKFLOW_RATE_LIMIT_REFUSED", {
    group: "Accounts and limits",
    type: perMinute,
    default: "120",
    help: "Wrong tokens and passwords from one address.",
  }),

  trashDays: setting("TASKFLOW_TRASH_DAYS", {
    group: "Tasks and events",
    type: days,
    default: "30",
    help: "How long a deleted task can be restored.",
  }),
  eventRetentionDays: setting("TASKFLOW_EVENT_RETENTION_DAYS", {
    group: "Tasks and events",
    type: days,
    default: "0",
    help: "How long streams can replay; 0 keeps every event for ever.",
  }),

  auditRetentionMonths: setting("TASKFLOW_AUDIT_RETENTION_MONTHS", {
    group: "Tasks and events",
    type: integer(0, 1_200, "months"),
    default: "24",
    help: "When a month of the history moves to an archive file; 0 keeps all in the database.",
  }),
  auditDir: optional("TASKFLOW_AUDIT_DIR", {
    group: "Tasks and events",
    type: folder,
    help: "Where archives and signed heads of the history are written; without it, audit in the data folder.",
  }),

  notificationRetentionDays: setting("TASKFLOW_NOTIFICATION_RETENTION_DAYS", {
    group: "Live updates",
    type: days,
    default: "90",
    help: "How long the inbox keeps a notification; 0 keeps it for ever.",
  }),
  streamsPerUser: setting("TASKFLOW_STREAMS_PER_USER", {
    group: "Live updates",
    type: integer(1, 1_000),
    default: "3",
    help: "Open streams of one user; one more is answered 429.",
  }),
  streamHeartbeatSeconds: setting("TASKFLOW_STREAM_HEARTBEAT_SECONDS", {
    group: "Live updates",
    type: seconds,
    default: "30",
    help: "How often an idle stream shows that it lives.",
  }),
  streamIdleSeconds: setting("TASKFLOW_STREAM_IDLE_SECONDS", {
    group: "Live updates",
    type: seconds,
    default: "90",
    help: "A reader that takes nothing for so long is dropped.",
  }),
};

export type SettingsTable = typeof settings;
export type RoleName = (typeof roleNames)[number];

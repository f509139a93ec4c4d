import { socketPort } from "./socket-folder.ts";

/**
 * PostgreSQL's settings for one machine: every answered write on disk, little memory while idle. Given on its command
 * line, so that a new release of TaskFlow changes them for old folders too.
 */
export function serverSettings(socketFolder: string): Readonly<Record<string, string>> {
  return {
    listen_addresses: "",
    unix_socket_directories: socketFolder,
    unix_socket_permissions: "0700",
    port: String(socketPort),
    // Five services and a replica of each may share it, with ten connections each at most.
    max_connections: "120",

    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",

    shared_buffers: "64MB",
    max_wal_size: "512MB",
    // No worker processes for reads (PostgreSQL 18) and no compiler: they cost an idle household server memory.
    io_method: "sync",
    jit: "off",

    // No task's text in a log: neither statements nor the values that PostgreSQL quotes in an error's details.
    log_destination: "stderr",
    log_line_prefix: "",
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    log_checkpoints: "off",
    timezone: "UTC",
  };
}

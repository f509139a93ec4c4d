import { pino, type Logger } from "pino";
import { PinoPretty } from "pino-pretty";

/** One JSON line an entry on stdout; lines for people when stdout is a terminal. */
export function createLog(level: string): Logger {
  if (!process.stdout.isTTY) return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return pino({ level, base: null }, PinoPretty({ ignore: "pid,hostname", translateTime: "HH:MM:ss", singleLine: true, sync: true }));
}

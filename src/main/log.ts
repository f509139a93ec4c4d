import { pino, type Logger } from "pino";
import { PinoPretty } from "pino-pretty";

/** Of an error what a person reads. Its other fields may be a whole database client, or a row. */
const serializers = {
  err: ({ name, message, code, stack }: Error & { code?: unknown }) => ({ type: name, code, message, stack }),
};

/** One JSON line an entry on stdout; lines for people when stdout is a terminal. */
export function createLog(level: string): Logger {
  if (!process.stdout.isTTY) return pino({ level, base: null, serializers, timestamp: pino.stdTimeFunctions.isoTime });
  return pino(
    { level, base: null, serializers },
    PinoPretty({ ignore: "pid,hostname", translateTime: "HH:MM:ss", singleLine: true, sync: true }),
  );
}

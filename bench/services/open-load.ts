import { setTimeout as delay } from "node:timers/promises";

const WARM_UP_S = 3;
const MEASURED_S = 10;
const ARRIVAL_MS = 30_000;

/** What a load is offered to: something is sent by its number, and its number comes back. */
export interface Path {
  send(number: number): Promise<void>;
  /** Tells of every number that arrives, from now on. */
  onArrival(listener: (number: number) => void): void;
}

/** How many messages that makes. */
export const offered = (rate: number): number => (WARM_UP_S + MEASURED_S) * rate;

/**
 * Milliseconds from the sending to the arrival of each measured message, at so many a second. The load is open: a
 * message is sent when it is due, however long the ones before take. Throws when one does not arrive.
 */
export const offer = async (path: Path, rate: number, firstNumber: number): Promise<readonly number[]> => {
  const sentAt = new Map<number, number>();
  const times: number[] = [];
  const [warmUp, total] = [WARM_UP_S * rate, offered(rate)];
  path.onArrival((number) => {
    const sent = sentAt.get(number);
    if (sent === undefined || !sentAt.delete(number)) return;
    if (number - firstNumber >= warmUp) times.push(performance.now() - sent);
  });
  const started = performance.now();
  const sending: Promise<void>[] = [];
  while (sending.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1_000) * rate));
    for (; sending.length < due;) {
      const number = firstNumber + sending.length;
      sentAt.set(number, performance.now());
      sending.push(path.send(number));
    }
    await delay(1);
  }
  await Promise.all(sending);
  for (const end = performance.now() + ARRIVAL_MS; sentAt.size > 0 && performance.now() < end;) await delay(20);
  if (sentAt.size > 0) throw new Error(`${sentAt.size} of ${total} did not arrive`);
  return times;
};

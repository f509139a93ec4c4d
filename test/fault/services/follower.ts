import { setTimeout as sleep } from "node:timers/promises";
import { openStream, sequences, type EventStream } from "../../stream/event-stream.ts";

/** A screen that stays: a stream that is opened again where it was, whenever it ends. */
export interface Follower {
  /** Of every event it was shown, in the order of showing. */
  readonly sequences: readonly number[];
  readonly newest: () => number;
  readonly stop: () => void;
}

const PAUSE_MS = 100;
const LOOK_MS = 20;

/** @param after where it was before, when it is not a new screen */
export function followStream(url: string, token: string, after = 0): Follower {
  const shown: number[] = [];
  const stopping = new AbortController();
  let current: EventStream | undefined;

  const follow = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const stream = await openStream(url, { token, lastEventId: String(shown.at(-1) ?? after) }).catch(
        () => undefined,
      );
      current = stream;
      if (stopping.signal.aborted) stream?.cut();
      if (stream?.status === 200) await read(stream);
      await sleep(PAUSE_MS);
    }
  };
  const read = async (stream: EventStream): Promise<void> => {
    let taken = 0;
    for (let ended = false; !ended;) {
      ended = await Promise.race([stream.ended.then(() => true), sleep(LOOK_MS, false)]);
      const fresh = stream.events.slice(taken);
      taken += fresh.length;
      shown.push(...sequences(fresh));
    }
  };
  void follow();
  return {
    sequences: shown,
    newest: () => shown.at(-1) ?? after,
    stop() {
      stopping.abort();
      current?.cut();
    },
  };
}

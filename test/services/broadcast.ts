import { waitFor } from "../infra/process.ts";
import type { Place } from "./place.ts";

/** How many events the bus has given to the streams of this place since its start. */
export async function deliveriesOf({ url }: Pick<Place, "url">): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^taskflow_stream_broadcasts_total (\d+)$/m.exec(text)?.[1] ?? 0);
}

/**
 * Writes until each place was given an event of every write: a sidecar does not say when it has joined the broadcast.
 * Answers how often it wrote.
 */
export async function untilJoined(
  places: readonly Pick<Place, "url">[],
  write: () => Promise<unknown>,
): Promise<number> {
  const count = () => Promise.all(places.map(deliveriesOf));
  let writes = 0;
  const everyoneHears = async (): Promise<boolean> => {
    const before = await count();
    for (let index = 0; index < BATCH; index += 1) await write();
    writes += BATCH;
    const heard = async () => (await count()).every((given, index) => given >= (before[index] ?? 0) + BATCH);
    return waitFor(heard, { what: "every event of a batch", timeoutMs: ARRIVAL_MS });
  };
  await waitFor(everyoneHears, { what: "the sidecars to join the broadcast", timeoutMs: JOIN_MS });
  return writes;
}

/** So many that of three partitions none is left out: by chance that happens once in three million times. */
const BATCH = 40;
/**
 * What comes later than this is taken for lost, and could be taken for one of the next batch: longer than any delivery
 * takes.
 */
const ARRIVAL_MS = 15_000;
const JOIN_MS = 300_000;

import type { Subscription } from "../../../ports.ts";
import type { Sidecar, SidecarMetadata } from "./sidecar.ts";

/**
 * How long something that went wrong stands in readiness when it is not seen again. Retries come more often than that.
 */
const REMEMBERED_MS = 30_000;

/** Faults that come and go, by what they hit. */
export interface RecentFaults {
  add(of: string, inWords: string): void;
  clear(of: string): void;
  list(): readonly string[];
}

export const createRecentFaults = (now: () => number): RecentFaults => {
  const faults = new Map<string, { readonly inWords: string; readonly at: number }>();
  return {
    add: (of, inWords) => void faults.set(of, { inWords, at: now() }),
    clear: (of) => void faults.delete(of),
    list: () => [
      ...new Set([...faults.values()].filter(({ at }) => now() - at < REMEMBERED_MS).map(({ inWords }) => inWords)),
    ],
  };
};

export interface Expected {
  readonly pubsub: string;
  readonly broadcastPubsub: string;
  readonly subscriptions: readonly Subscription[];
}

/** What the sidecar lacks of what is expected of it, in words. */
export const missingAtSidecar = async (sidecar: Sidecar, expected: Expected): Promise<readonly string[]> => {
  try {
    return missingIn(await sidecar.metadata(), expected);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
};

export const missingIn = (
  metadata: SidecarMetadata,
  { pubsub, broadcastPubsub, subscriptions }: Expected,
): readonly string[] => {
  const wanted = subscriptions.flatMap(({ topics, broadcast }) =>
    topics.map((topic) => ({ topic, pubsubname: broadcast ? broadcastPubsub : pubsub })),
  );
  const components = new Set([pubsub, ...wanted.map(({ pubsubname }) => pubsubname)]);
  const loaded = (name: string): boolean =>
    (metadata.components ?? []).some((component) => component.name === name && component.type.startsWith("pubsub."));
  const subscribed = ({ topic, pubsubname }: { topic: string; pubsubname: string }): boolean =>
    (metadata.subscriptions ?? []).some(
      (subscription) => subscription.topic === topic && subscription.pubsubname === pubsubname,
    );
  return [
    ...[...components]
      .filter((name) => !loaded(name))
      .map((name) => `the sidecar has not loaded the pub/sub component ${name}`),
    ...wanted
      .filter((each) => !subscribed(each))
      .map(({ topic, pubsubname }) => `the sidecar has no subscription to ${topic} on ${pubsubname}`),
  ];
};

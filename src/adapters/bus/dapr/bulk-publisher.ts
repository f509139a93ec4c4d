export interface Message {
  readonly pubsub: string;
  readonly topic: string;
  /** What shares a key shares a partition, and keeps its order. */
  readonly key: string;
  /** A CloudEvent in structured JSON mode. */
  readonly cloudEvent: string;
}

/**
 * What became of a request: undefined for each message that the broker has, else why not; in the order they were given.
 */
export type Outcomes = readonly (Error | undefined)[];

export interface BulkPublisherOptions {
  /** Publishes messages of one topic in one request. What it throws is thrown to all of them. */
  send(messages: readonly Message[]): Promise<Outcomes>;
}

/** Requests of one topic under way at once; what comes meanwhile goes with the next. */
const LANES = 2;
const MOST_MESSAGES = 100;
/** A sidecar takes 4 MiB at most, a broker 1 MiB in one batch. */
const MOST_CHARACTERS = 500_000;

interface Waiting {
  readonly message: Message;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Publishes as many messages with one request as have come while others were under way: one when there is time, many
 * when there is not. Messages of one key are in order only when one is given after the other was published.
 */
export const createBulkPublisher = ({ send }: BulkPublisherOptions): ((message: Message) => Promise<void>) => {
  const topics = new Map<string, { waiting: Waiting[]; underWay: number }>();

  const next = async (id: string): Promise<void> => {
    const topic = topics.get(id);
    if (topic === undefined || topic.underWay >= LANES) return;
    const batch = takeBatch(topic.waiting);
    if (batch.length === 0) return;
    topic.underWay += 1;
    await publish(batch);
    topic.underWay -= 1;
    if (topic.underWay === 0 && topic.waiting.length === 0) topics.delete(id);
    void next(id);
  };

  const publish = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const outcomes = await send(batch.map(({ message }) => message));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const failure = outcomes[index];
        if (failure === undefined) resolve();
        else reject(failure);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  return (message) => {
    const id = `${message.pubsub}/${message.topic}`;
    const topic = topics.get(id) ?? { waiting: [], underWay: 0 };
    topics.set(id, topic);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    topic.waiting.push({ message, resolve, reject });
    void next(id);
    return promise;
  };
};

/** Takes from the front as much as fits; one that is too long alone goes alone. */
const takeBatch = (waiting: Waiting[]): Waiting[] => {
  let [count, characters] = [0, 0];
  for (const { message } of waiting) {
    characters += message.cloudEvent.length;
    if (count > 0 && (count === MOST_MESSAGES || characters > MOST_CHARACTERS)) break;
    count += 1;
  }
  return waiting.splice(0, count);
};

let last = 0;

/** A millisecond of its own for each id, so that those made together keep their order (RFC 9562 §6.2). */
const laterThanLast = (): number => {
  last = Math.max(Date.now(), last + 1);
  return last;
};

/**
 * A UUIDv7 (RFC 9562 §5.7): made here, so that a task has its id before the server has seen it, and ordered by time.
 * Built on getRandomValues, because `crypto.randomUUID` is missing where TaskFlow is served over plain HTTP in a home
 * network.
 */
export const newId = (now = laterThanLast(), random = crypto.getRandomValues(new Uint8Array(10))): string => {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(now) << 16n);
  bytes.set(random, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

import { BlockList, isIP, isIPv6 } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import type { Logger } from "../../ports.ts";

/**
 * Whose word on where a request comes from is believed: nobody's, that of one proxy on this machine or in a private
 * network, that of as many proxies in a row, or that of named addresses and networks.
 */
export type ProxyTrust = false | "nearest" | number | string[];

type IsTrusted = (address: string, hop: number) => boolean;

/** As Fastify takes it. Of the list in `X-Forwarded-For` only what trusted proxies have added counts (RFC 7239 §8.1). */
export const trustOf = (trust: ProxyTrust): false | string[] | IsTrusted => {
  if (trust === "nearest") return (address, hop) => hop === 0 && isPrivate(address);
  if (typeof trust === "number") return (_address, hop) => hop < trust;
  return trust;
};

const privateNetworks = new BlockList();
for (const [network, bits] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
] as const)
  privateNetworks.addSubnet(network, bits, "ipv4");
privateNetworks.addAddress("::1", "ipv6");
for (const [network, bits] of [
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  privateNetworks.addSubnet(network, bits, "ipv6");

const isPrivate = (address: string): boolean => {
  const plain = withoutMapping(address);
  return isIP(plain) !== 0 && privateNetworks.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
};

/** A socket that listens on IPv6 too shows IPv4 addresses as mapped ones (RFC 4291 §2.5.5.2). */
const withoutMapping = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");

/** What limits count by: an IPv4 address, or the /64 of an IPv6 one, of which one customer has 2^64 addresses. */
export const addressKey = (address: string): string => {
  const plain = withoutMapping(address).replace(/%.*$/, "");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::", 2);
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(8 - groups.length - rest.length, 0);
  const network = [...groups, ...Array.from({ length: zeros }, () => "0"), ...rest].slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
};

/** Whether a request comes from this machine, and not through a proxy on it. */
export const isThisMachine = ({ socket, headers }: FastifyRequest): boolean => {
  const address = withoutMapping(socket.remoteAddress ?? "");
  return (address === "::1" || address.startsWith("127.")) && !hasForwarded({ headers });
};

const WARNED_EVERY_MS = 3_600_000;

/**
 * Says once an hour that a peer forwards addresses and is not believed: behind a proxy that nobody named, all users
 * share one address and its limits.
 */
export const warnOfUntrustedProxies = (app: FastifyInstance, trust: ProxyTrust, log: Logger): void => {
  const isTrusted = typeof trust === "object" ? undefined : trustOf(trust);
  const warned = new LRUCache<string, true>({ max: 100, ttl: WARNED_EVERY_MS });
  app.addHook("onRequest", (request, _reply, done) => {
    const peer = request.socket.remoteAddress ?? "";
    const isBelieved =
      typeof isTrusted === "function"
        ? isTrusted(peer, 0)
        : typeof trust === "object" && (request.ips?.length ?? 0) > 1;
    if (hasForwarded(request) && !isBelieved && !warned.has(addressKey(peer))) {
      warned.set(addressKey(peer), true);
      const message =
        "a peer sends X-Forwarded-For and is not believed, so that all who come through it share its limits; if it is your proxy, name it in TASKFLOW_TRUST_PROXY";
      log.warn({ peer }, message);
    }
    done();
  });
};

/** Services tell each other the client's address for their logs only; they sign in by their own token. */
const hasForwarded = ({ headers }: Pick<FastifyRequest, "headers">): boolean =>
  headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined;

import { isIP } from "node:net";
import { resolve } from "node:path";

/** How a setting's text becomes its value. `parse` throws an Error whose message completes "NAME must …". */
export interface SettingType<T> {
  /** What to give, as the help shows it. */
  readonly label: string;
  parse(text: string): T;
}

export const text: SettingType<string> = { label: "text", parse: (value) => value };

/** An absolute path; a relative one counts from the current folder. */
export const folder: SettingType<string> = { label: "folder", parse: (value) => resolve(value) };

export const toggle: SettingType<boolean> = {
  label: "on|off",
  parse(value) {
    if (value !== "on" && value !== "off") throw new Error("must be on or off");
    return value === "on";
  },
};

/** A whole number within bounds, both included. */
export function integer(least: number, most: number, unit = "number"): SettingType<number> {
  return {
    label: unit,
    parse(value) {
      const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
      if (!(number >= least && number <= most)) throw new Error(`must be a whole number from ${least} to ${most}`);
      return number;
    },
  };
}

export function oneOf<const T extends string>(...choices: readonly T[]): SettingType<T> {
  return {
    label: choices.join("|"),
    parse(value) {
      const choice = choices.find((each) => each === value);
      if (choice === undefined) throw new Error(`must be one of ${choices.join(", ")}`);
      return choice;
    },
  };
}

/** `all`, or some of the choices, with commas between. */
export function someOf<const T extends string>(...choices: readonly T[]): SettingType<readonly T[]> {
  return {
    label: `all|${choices.join(",")}`,
    parse(value) {
      if (value === "all") return choices;
      const named = new Set(value.split(",").map((each) => each.trim()));
      const chosen = choices.filter((choice) => named.has(choice));
      if (chosen.length !== named.size)
        throw new Error(`must be all, or some of ${choices.join(", ")} with commas between`);
      return chosen;
    },
  };
}

export function url(...schemes: readonly string[]): SettingType<string> {
  return {
    label: `${schemes[0]}://…`,
    parse(value) {
      const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : undefined;
      if (!schemes.includes(scheme ?? ""))
        throw new Error(`must be a URL that starts with ${schemes.map((each) => `${each}://`).join(" or ")}`);
      return value;
    },
  };
}

const proxyNames = ["loopback", "linklocal", "uniquelocal"];

/**
 * Whose `X-Forwarded-…` to believe: nobody's, that of the nearest proxy in a private network, that of so many proxies
 * in a row, or that of named addresses and networks.
 */
export const trustedProxies: SettingType<false | "nearest" | number | string[]> = {
  label: "off|on|hops|addresses",
  parse(value) {
    if (value === "off") return false;
    if (value === "on") return "nearest";
    if (/^[1-9]$/.test(value)) return Number(value);
    const addresses = value.split(",").map((each) => each.trim());
    if (!addresses.every(isAddress))
      throw new Error(
        `must be off, on, how many proxies stand in a row (1 to 9), or addresses and networks with commas between (10.0.0.0/8, ${proxyNames.join(", ")})`,
      );
    return addresses;
  },
};

function isAddress(value: string): boolean {
  const [address = "", bits, ...rest] = value.split("/");
  if (proxyNames.includes(value)) return true;
  if (isIP(address) === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128));
}

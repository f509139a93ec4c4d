import assert from "node:assert/strict";
import { test } from "node:test";
import { folder, integer, oneOf, someOf, toggle, trustedProxies, url, type SettingType } from "./setting-types.ts";

const accepts = (type: SettingType<unknown>, cases: Readonly<Record<string, unknown>>) => {
  for (const [text, value] of Object.entries(cases)) assert.deepEqual(type.parse(text), value, text);
};

const refuses = (type: SettingType<unknown>, texts: readonly string[], reason: RegExp) => {
  for (const text of texts) assert.throws(() => type.parse(text), reason, text);
};

test("a whole number within its bounds", () => {
  accepts(integer(0, 65_535), { "0": 0, "8000": 8000, "65535": 65_535 });
  refuses(
    integer(0, 65_535),
    ["65536", "-1", "8e3", "1.5", "0x10", " 1", "eighty"],
    /must be a whole number from 0 to 65535/,
  );
  refuses(integer(1, 9), ["0"], /from 1 to 9/);
});

test("on and off, and nothing like them", () => {
  accepts(toggle, { on: true, off: false });
  refuses(toggle, ["true", "1", "ON", "yes"], /must be on or off/);
});

test("one of several words", () => {
  accepts(oneOf("open", "closed"), { open: "open" });
  refuses(oneOf("open", "closed"), ["opened", ""], /must be one of open, closed/);
});

test("some of several words, in the table's order; all is every one", () => {
  const type = someOf("chat-api", "audit-logger", "reminder-service");
  accepts(type, {
    all: ["chat-api", "audit-logger", "reminder-service"],
    "reminder-service, chat-api": ["chat-api", "reminder-service"],
    "chat-api,chat-api": ["chat-api"],
  });
  refuses(type, ["chat", "chat-api,", "all,chat-api"], /must be all, or some of/);
});

test("a URL of a known scheme", () => {
  accepts(url("postgresql"), {
    "postgresql:///taskflow?host=/run&user=taskflow": "postgresql:///taskflow?host=/run&user=taskflow",
  });
  refuses(
    url("postgresql", "postgres"),
    ["localhost:5432", "mysql://localhost", "postgresql"],
    /must be a URL that starts with postgresql:\/\/ or postgres:\/\//,
  );
});

test("a folder is made absolute", () => {
  accepts(folder, { "/var/lib/taskflow": "/var/lib/taskflow", "/var/./lib/../taskflow/": "/var/taskflow" });
});

test("whose forwarded addresses are believed", () => {
  accepts(trustedProxies, {
    off: false,
    on: "nearest",
    "2": 2,
    "10.0.0.0/8, ::1": ["10.0.0.0/8", "::1"],
    loopback: ["loopback"],
    "fd00::/64": ["fd00::/64"],
  });
  refuses(
    trustedProxies,
    ["true", "0", "10", "proxy.example.org", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0", ""],
    /must be off, on, how many proxies stand in a row \(1 to 9\), or addresses and networks/,
  );
});

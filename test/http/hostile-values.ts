/** Texts that have broken software: quoting, patterns, control characters, broken Unicode, sheer length. */
export const hostileTexts: readonly string[] = [
  "'", "''", '"', "`", "\\", "\\'", "\\\\", "%", "%%", "%s", "%n%n%n", "%00", "_", ";", "--", "/*", "*/", "#", "$1", "$$", "$tag$", "${7*7}", "{{7*7}}", "#{7*7}",
  "'; DROP TABLE tasks; --", "' OR '1'='1", "1; SELECT pg_sleep(10)", "') RETURNING *; --", "\\x27", "E'\\''", "U&'\\0027'", "\\copy", "robert'); DROP TABLE students;--",
  "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "</title>", "&lt;", "&#0;", "]]>", "<!--", "<?xml version='1.0'?>",
  "../../etc/passwd", "..\\..\\windows", "file:///etc/passwd", "http://169.254.169.254/", "|id", "`id`", "$(id)", "\u0000", "a\u0000b", "\u0000\u0000", "\u0001", "\u0008",
  "\u001b[31m", "\u007f", "\u0080", "\u009f", "\r\n", "\n", "\t", "\r", "a\r\nSet-Cookie: x=1", "\u2028", "\u2029", "\u0085", "\ufeff", "\ufeffa", "\u200b", "\u200d", "\u00ad",
  "\u202e", "abc\u202edef", "\u2066x\u2069", "مرحبا", "שלום", "\u200f", "\u061c", "ﷺ", "אבג abc", "日本語", "한국어", "ไทย", "हिन्दी", "ß", "ı", "İ", "ﬀ", "ǅ", "Å", "Å",
  "e\u0301", "\u0301", "Z̸̧̛a̸l̴g̵o̶".repeat(10), "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇮🇹", "🇮", "1️⃣", "\u{10ffff}", "\u{1f600}".repeat(127), "\uffff", "\ufffe", "\ufffd", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
  "\ud800", "\udc00", "\udfff", "a\ud800b", "\udc00\ud800", "\ud83d", "\ude00\ud83d", "x".repeat(255), "x".repeat(256), "x".repeat(1_000), "x".repeat(1_001), "x".repeat(5_000),
  "x".repeat(5_001), "x".repeat(10_000), "😀".repeat(255), "😀".repeat(256), "\ud800".repeat(255), "é".repeat(10_000), " ".repeat(10_000), "'".repeat(10_000), "%".repeat(10_000), "\\".repeat(10_000),
  "(".repeat(10_000), "[".repeat(10_000), "a".repeat(65_536), "", " ", "\u00a0", "\u3000", "  x  ", "null", "undefined", "NaN", "Infinity", "-Infinity", "true", "false", "0", "-0", "1e309",
  "9007199254740993", "99999999999999999999", "0x10", "1_000", "٣", "１２", "[object Object]", "{}", "[]", "__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "__defineGetter__",
  "then", "$where", "$ne", "2026-02-30", "2026-03-01T25:00", "0000-00-00", "10000-01-01", "infinity", "-infinity", "now", "epoch", "today", "2026-03-01 00:00:00 BC", "1970-01-01T00:00:00+99:99", "Z", "P1D",
];

/** Values that are no text, or pretend to be something else. */
export const hostileValues: readonly unknown[] = [
  null, true, false, 0, -0, -1, 1, 1.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, 2 ** 63, 1e21, [], [[]], [null], ["x"], {}, { length: 3 }, { $ne: null }, { toString: "x" }, { toJSON: "x" }, { valueOf: "x" },
  { a: { b: { c: {} } } }, Array.from({ length: 1_000 }, () => "x"), ["__proto__"],
];

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);

/** Bodies as bytes: what JSON.stringify would never send. */
export const hostileBodies: readonly (readonly [what: string, body: string | Buffer])[] = [
  ["nothing", ""], ["a space", " "], ["a NUL", "\0"], ["null", "null"], ["true", "true"], ["a number", "7"], ["a text", '"x"'], ["a list", "[]"], ["lists", "[[],[]]"], ["half an object", '{"title":'],
  ["half a text", '{"title":"x'], ["a comma too many", '{"title":"x",}'], ["no quotes", "{title:'x'}"], ["a comment", '{"title":"x"/* */}'], ["two documents", '{"title":"x"}{"title":"y"}'], ["a byte order mark", '\ufeff{"title":"x"}'],
  ["a key twice", '{"title":"one","title":"two"}'], ["a key twice, once wrong", '{"title":7,"title":"two"}'], ["__proto__", '{"__proto__":{"title":"x"}}'], ["__proto__ of a valid body", '{"title":"x","__proto__":{"isAdmin":true}}'],
  ["an escaped __proto__", '{"title":"x","\\u005f_proto__":{"isAdmin":true}}'], ["constructor.prototype", '{"title":"x","constructor":{"prototype":{"isAdmin":true}}}'], ["toString", '{"title":"x","toString":"x"}'],
  ["a huge number", '{"title":1e999}'], ["a long number", `{"title":${"9".repeat(10_000)}}`], ["NaN", '{"title":NaN}'], ["a raw control character", '{"title":"a\u0001b"}'], ["a raw newline", '{"title":"a\nb"}'], ["a bad escape", '{"title":"\\x41"}'],
  ["half an escape", '{"title":"\\u12"}'], ["deep lists", nested(100_000, "[", "]")], ["deep objects", `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`], ["a deep title", `{"title":${nested(100_000, "[", "]")}}`],
  ["deep in an ignored field", `{"title":"x","user_id":${nested(100_000, "[", "]")}}`], ["objects deep in an ignored field", `{"title":"x","warnings":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`], ["deep values to compare", `{"name":"x","scopes":[${nested(50_000, "[", "]")},${nested(50_000, "[", "]")}]}`], ["open lists only", "[".repeat(500_000)],
  ["many keys", `{"title":"x",${Array.from({ length: 20_000 }, (_none, index) => `"k${index}":1`).join(",")}}`], ["a long key", `{"title":"x","${"k".repeat(100_000)}":1}`], ["Latin-1", Buffer.from('{"title":"caf\u00e9"}', "latin1")],
  ["UTF-16", Buffer.from('{"title":"x"}', "utf16le")], ["a broken byte", Buffer.from([0x7b, 0x22, 0x74, 0x69, 0x74, 0x6c, 0x65, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])], ["half a character", Buffer.from([0x7b, 0x22, 0x74, 0x22, 0x3a, 0x22, 0xe2, 0x82, 0x22, 0x7d])],
  ["an overlong NUL", Buffer.from([0x7b, 0x22, 0x74, 0x69, 0x74, 0x6c, 0x65, 0x22, 0x3a, 0x22, 0xc0, 0x80, 0x22, 0x7d])], ["an encoded surrogate", Buffer.from([0x7b, 0x22, 0x74, 0x69, 0x74, 0x6c, 0x65, 0x22, 0x3a, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d])],
  ["random bytes", Buffer.from(Array.from({ length: 1_000 }, (_none, index) => (index * 151 + 7) % 256))], ["gzip", Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0])], ["XML", "<task><title>x</title></task>"], ["a form", "title=x&completed=true"], ["too much", `{"title":"${"x".repeat(1_100_000)}"}`],
];

export const hostileContentTypes: readonly string[] = [
  "text/plain", "text/html", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "application/octet-stream", "application/json; charset=utf-16", "application/json; charset=\"", "APPLICATION/JSON",
  "application/json;", "application/jsonp", "application/json, text/plain", "*/*", "x", "/", ";", "application/vnd.api+json", "text/event-stream", "application/json; a=b; c=d",
];

export const hostileHeaders: readonly (readonly [name: string, value: string])[] = [
  ...["if-match", "idempotency-key", "x-correlation-id", "last-event-id", "accept", "accept-encoding", "user-agent", "x-forwarded-for", "x-http-method-override", "cookie", "range", "expect", "if-none-match", "content-encoding"].flatMap((name) =>
    ["'; DROP TABLE tasks; --", "\u00ff\u00fe", "x".repeat(4_000), "-1", "99999999999999999999", "null", ",,,", '"', "__proto__"].map((value) => [name, value] as const),
  ),
  ["if-match", '""'], ["if-match", "W/"], ["idempotency-key", "\t x"], ["authorization", "Bearer"], ["authorization", "Bearer "], ["authorization", "Bearer a.b.c"], ["authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."], ["authorization", "Basic YTpi"],
  ["authorization", `Bearer ${"x".repeat(8_000)}`], ["authorization", "Bearer tf_'--"], ["authorization", "Bearer \u00ff"], ["authorization", "Bearer tf_\u00ff"],
];

/** Addresses as they are written into the request line. */
export const hostileTargets: readonly string[] = [
  "/api/v1/tasks/%", "/api/v1/tasks/%zz", "/api/v1/tasks/%00", "/api/v1/tasks/%ff", "/api/v1/tasks/%c0%af", "/api/v1/tasks/%ed%a0%80", "/api/v1/tasks/..%2f..%2fetc", "/api/v1/tasks//", "/api/v1//tasks", "/api/v1/tasks/;a=b", `/api/v1/tasks/${"x".repeat(5_000)}`,
  "/api/v1/tasks?limit=%", "/api/v1/tasks?limit=%zz", "/api/v1/tasks?limit[]=1", "/api/v1/tasks?limit[a]=1", "/api/v1/tasks?__proto__=1", "/api/v1/tasks?__proto__[x]=1", "/api/v1/tasks?constructor=1", "/api/v1/tasks?toString=1", "/api/v1/tasks?=", "/api/v1/tasks?&&&",
  "/api/v1/tasks?limit=1&limit=1", "/api/v1/tasks?limit=1%00", "/api/v1/tasks?cursor=%00", "/api/v1/tasks?cursor=%ff", `/api/v1/tasks?cursor=${"A".repeat(5_000)}`, `/api/v1/tasks?${"a=1&".repeat(1_000)}`, `/api/v1/tasks?status=${"%27".repeat(1_000)}`, "/api/v1/undo/%", "/api/v1/undo/%00",
  "/api/v1/undo/..%2f..", "/api/v1/__proto__", "/api/v1/constructor", "/api/ws/x", "/api/00000000-0000-4000-8000-000000000000", "/api/%30/tasks", "/%", "//", "/..", "/../api/v1/tasks", "/api/v1/tasks#x", "*", "/api/v1/tasks/\u00e9", "http://other.example/api/v1/tasks", "/docs/..%2f..%2fpackage.json", "/docs/static/..%2findex.html", "/assets/..%2f..%2fpackage.json",
];

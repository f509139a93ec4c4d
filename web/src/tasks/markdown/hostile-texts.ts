/** Texts that were written to break out of Markdown, to run a script, to be too much, or to blank the page. */

const MAX_LENGTH = 5_000;
const fill = (piece: string): string => piece.repeat(Math.floor(MAX_LENGTH / piece.length));

const scripts = [
  "<script>window.pwned = 1</script>",
  "<scr<script>ipt>window.pwned = 1</scr</script>ipt>",
  '<img src=x onerror="window.pwned = 1">',
  "<svg onload=window.pwned=1>",
  "<svg><animate onbegin=window.pwned=1 attributeName=x dur=1s>",
  "<math><mtext><table><mglyph><style><img src=x onerror=window.pwned=1>",
  '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  "<details open ontoggle=window.pwned=1>",
  "<body onload=window.pwned=1>",
  "<input autofocus onfocus=window.pwned=1>",
  "<!--><img src=x onerror=window.pwned=1>-->",
  "<![CDATA[<script>window.pwned=1</script>]]>",
  "<?php echo 1 ?>",
  "<style>*{display:none}</style>",
  '<link rel="stylesheet" href="https://example.org/x.css">',
  '<meta http-equiv="refresh" content="0;url=https://example.org">',
  '<base href="https://example.org">',
  '<form action="https://example.org"><button>Go</button></form>',
  "&lt;script&gt;window.pwned=1&lt;/script&gt;",
  "&#60;script&#62;window.pwned=1&#60;/script&#62;",
  "a <b onmouseover=window.pwned=1>b</b> c",
];

const attributes = [
  '```x style="color:red"\nhello\n```',
  '```x class="a" id="b" key="c" ref="d"\nhello\n```',
  "```x onclick=window.pwned=1\nhello\n```",
  '```x dangerouslySetInnerHTML={{__html:"<script>window.pwned=1</script>"}}\nhello\n```',
  '```x children="a"\nhello\n```',
  '~~~ style="color:red"\nhello\n~~~',
  "```__proto__\nhello\n```",
  "```constructor\nhello\n```",
  '# Heading {style="color:red" onclick="window.pwned=1"}',
  'Words {.class #id style="color:red"}',
  "[words](https://example.org){onclick=window.pwned=1}",
  '[words](https://example.org "title\\" onclick=window.pwned=1")',
  '![alt" onerror="window.pwned=1](https://example.org/x.png)',
  '![alt](https://example.org/x.png"onerror="window.pwned=1)',
  '![alt](https://example.org/x.png "x\' onerror=window.pwned=1")',
  '[a]: https://example.org "style=color:red"\n\n[a]',
  "[__proto__]: https://example.org\n\n[__proto__] [constructor] [toString]",
  "| a | b |\n|:-:|--:|\n| style=color:red | onclick=window.pwned=1 |",
  "- [ ] <input type=checkbox onclick=window.pwned=1>",
  "- [x](javascript:window.pwned=1) box",
  "999999999. far\n1. on",
  "[^1]\n\n[^1]: style=color:red",
];

const schemes = [
  "javascript:window.pwned=1",
  "JaVaScRiPt:window.pwned=1",
  "javascript&colon;window.pwned=1",
  "javascript&#58;window.pwned=1",
  "java&#x73;cript:window.pwned=1",
  "&#106;avascript:window.pwned=1",
  "java%0ascript:window.pwned=1",
  "java\tscript:window.pwned=1",
  " javascript:window.pwned=1",
  "\u0001javascript:window.pwned=1",
  "javascript://example.org/%0awindow.pwned=1",
  "vbscript:window.pwned=1",
  "data:text/html,<script>window.pwned=1</script>",
  "data:text/html;base64,PHNjcmlwdD53aW5kb3cucHduZWQ9MTwvc2NyaXB0Pg==",
  "data:image/svg+xml,<svg onload=window.pwned=1>",
  "blob:https://example.org/1",
  "file:///etc/passwd",
  "filesystem:https://example.org/x",
  "view-source:https://example.org",
  "//example.org",
  "/api/v1/tasks",
  "https://user:pass@example.org@evil.example",
  "https://[::1",
  "about:blank",
];
const addresses = schemes.flatMap((scheme) => [
  `[words](${scheme})`,
  `[words](<${scheme}>)`,
  `![picture](${scheme})`,
  `<${scheme}>`,
  `[words]\n\n[words]: ${scheme}`,
]);

const pieces = [
  [">", "> ", "- ", "1. ", "- > ", "\t- ", "* a *", "#", "    "],
  ["[", "![", "[]", "[[]", "[a](", "![a](<", "[a](b)", "[a]", "](", "[^a]"],
  ["*", "*a ", "**a", "_a_", "a_", "*_", "**_~~", "~~a", "*a_"],
  ["`", "```\n", "~~~\n", "`a", "a\n=\n", "a\n-\n", "---\n"],
  ["<", "<a ", "<!--", "<!", "<?", "<![CDATA[", "&#x26;", "&", "&amp;"],
  ["|a", "|-|\n", "|x|y|\n", "- [ ] a\n", "- [ ", "http://a.b ", "https://", "a@b.c ", "a@", "www."],
  ["\\", "\n", "\r", "\r\n", ">\n", "\0", "\u200b", "\u202e", "\ufeff", "\ud800", "\u{1f469}\u200d", "e\u0301\u0301"],
].flat();
const heavy = [
  ...pieces.map(fill),
  `|a|b|\n|-|-|\n${fill("|x|y|\n").slice(0, MAX_LENGTH - 20)}`,
  `${fill("[a][b]").slice(0, MAX_LENGTH - 20)}\n\n[b]: https://example.org`,
  "*".repeat(2_499) + "a" + "*".repeat(2_499),
  "[".repeat(2_499) + "a" + "]".repeat(2_499),
  "(".repeat(2_499) + "https://a.b" + ")".repeat(2_400),
  Array.from({ length: 60 }, (_, depth) => `${"  ".repeat(depth)}- a`).join("\n"),
  Array.from({ length: 60 }, (_, depth) => `${">".repeat(depth)} a`).join("\n"),
  Array.from({ length: 90 }, (_, count) => "`".repeat(count + 1)).join(" "),
];

const odd = [
  "",
  " ",
  "\n",
  "-",
  "- [ ]",
  "- [x]",
  "[x] alone",
  "* * *",
  "=",
  "|",
  "||",
  "\\",
  "a\\",
  "a  ",
  "#",
  "####### seven",
];

export const hostileTexts: readonly string[] = [...scripts, ...attributes, ...addresses, ...heavy, ...odd];

import MarkdownIt, { type Token } from "markdown-it";
import { webAddress } from "./addresses.ts";

/**
 * Markdown as a tree of known nodes. A node has only the fields named here, and nothing of a text becomes the name of
 * an element or of an attribute: what a text asks for beyond that does not exist. HTML in it is text.
 */
export type MarkdownNode =
  | { readonly kind: "text" | "code" | "code-block"; readonly text: string }
  | { readonly kind: "line-end" | "rule" }
  | { readonly kind: "element"; readonly tag: Tag; readonly children: readonly MarkdownNode[] }
  | { readonly kind: "group"; readonly children: readonly MarkdownNode[] }
  | { readonly kind: "list"; readonly start: number | null; readonly children: readonly MarkdownNode[] }
  | { readonly kind: "link"; readonly href: string; readonly children: readonly MarkdownNode[] }
  | { readonly kind: "picture"; readonly src: string | null; readonly alt: string }
  | TaskBox;

/** A check box of a list. */
export interface TaskBox {
  readonly kind: "task-box";
  readonly isChecked: boolean;
  /** The line of the text that it is on, from 0. */
  readonly line: number;
  /** The words beside it. */
  readonly label: string;
}

const tags = {
  paragraph_open: "p",
  blockquote_open: "blockquote",
  list_item_open: "li",
  strong_open: "strong",
  em_open: "em",
  s_open: "del",
  table_open: "table",
  thead_open: "thead",
  tbody_open: "tbody",
  tr_open: "tr",
  th_open: "th",
  td_open: "td",
} as const;

const headings = { h1: "h3", h2: "h4", h3: "h5", h4: "h6", h5: "h6", h6: "h6" } as const;

export type Tag = (typeof tags)[keyof typeof tags] | (typeof headings)[keyof typeof headings];

/** Deeper is no text that a person wrote, and costs the browser more than it is worth. */
const MAX_NESTING = 40;

const parser = new MarkdownIt({ html: false, linkify: true, breaks: true });
parser.set({ maxNesting: MAX_NESTING });
// "README.md" and "run.sh" are names of files before they are addresses.
parser.linkify.set({ fuzzyLink: false });

/** The tree of a text; null when it is nested so deep that it is better read as it was written. */
export const parseMarkdown = (text: string): MarkdownNode[] | null => {
  const tokens = parser.parse(text, {});
  if (tokens.some(({ level }) => level >= MAX_NESTING - 1)) return null;
  return nodesOf(tokens);
};

/** Tokens come flat, as the opening and closing of what they make. */
const nodesOf = (tokens: readonly Token[]): MarkdownNode[] => {
  const nodes: MarkdownNode[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.nesting !== 1) {
      nodes.push(leaf(token));
      continue;
    }
    const end = closingOf(tokens, index);
    nodes.push(branch(token, tokens.slice(index + 1, end)));
    index = end;
  }
  return nodes;
};

const closingOf = (tokens: readonly Token[], opening: number): number => {
  let depth = 0;
  for (let index = opening; index < tokens.length; index += 1) {
    depth += tokens[index]?.nesting ?? 0;
    if (depth === 0) return index;
  }
  return tokens.length;
};

const leaf = (token: Token): MarkdownNode => {
  switch (token.type) {
    case "inline":
      return { kind: "group", children: nodesOf(token.children ?? []) };
    case "softbreak":
    case "hardbreak":
      return { kind: "line-end" };
    case "hr":
      return { kind: "rule" };
    case "code_inline":
      return { kind: "code", text: token.content };
    case "fence":
    case "code_block":
      return { kind: "code-block", text: token.content };
    case "image":
      return { kind: "picture", src: webAddress(attribute(token, "src")), alt: token.content };
    default:
      return { kind: "text", text: token.content };
  }
};

const branch = (token: Token, within: readonly Token[]): MarkdownNode => {
  if (token.type === "list_item_open") return { kind: "element", tag: "li", children: itemNodes(within) };
  const children = nodesOf(within);
  if (token.type === "bullet_list_open") return { kind: "list", start: null, children };
  if (token.type === "ordered_list_open") return { kind: "list", start: startOf(token), children };
  if (token.type === "link_open") return link(attribute(token, "href"), children);
  // The paragraphs of a list whose items stand close together.
  if (token.hidden) return { kind: "group", children };
  const tag = token.type === "heading_open" ? read(headings, token.tag) : read(tags, token.type);
  return tag === undefined ? { kind: "group", children } : { kind: "element", tag, children };
};

const read = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

const attribute = (token: Token, name: string): string => String(token.attrGet(name) ?? "");

const startOf = (token: Token): number => {
  const start = Number.parseInt(attribute(token, "start"), 10);
  return Number.isNaN(start) ? 1 : start;
};

const link = (href: string, children: readonly MarkdownNode[]): MarkdownNode => {
  const address = webAddress(href);
  return address === null ? { kind: "group", children } : { kind: "link", href: address, children };
};

const boxText = /^\[([ xX])\][ \t]+(?=\S)/;

/** The nodes of a list's item; `[ ]` at its begin is a check box. */
const itemNodes = (tokens: readonly Token[]): MarkdownNode[] => {
  const [paragraph, inline] = tokens;
  const first = inline?.children?.[0];
  // What follows the box may be of another kind than text: emphasis, a link.
  const [written, mark] = boxText.exec(inline?.content ?? "") ?? [];
  if (paragraph?.type !== "paragraph_open" || first?.type !== "text" || written === undefined) return nodesOf(tokens);
  if (!first.content.startsWith(written)) return nodesOf(tokens);
  first.content = first.content.slice(written.length);
  const [label = ""] = (inline?.content ?? "").slice(written.length).split("\n");
  return [{ kind: "task-box", isChecked: mark !== " ", line: inline?.map?.[0] ?? 0, label }, ...nodesOf(tokens)];
};

import { Image } from "lucide-react";
import { Fragment, useMemo, useState, type ReactElement, type ReactNode } from "react";
import styles from "../DetailPanel.module.css";
import { text as texts } from "../messages.ts";
import { parseMarkdown, type MarkdownNode, type TaskBox } from "./parse.ts";
import { PlainText } from "./PlainText.tsx";

interface MarkdownProps {
  readonly text: string;
  /** Ticks the check box on a line of the text, or unticks it. */
  readonly onToggle: (line: number) => void;
}

/** A text as Markdown. */
export const Markdown = ({ text, onToggle }: MarkdownProps): ReactElement => {
  const nodes = useMemo(() => parseMarkdown(text), [text]);
  if (nodes === null) return <PlainText text={text} note={texts.tooDeep} />;
  return <div className={styles.markdown}>{render(nodes, onToggle)}</div>;
};

type OnToggle = MarkdownProps["onToggle"];

const render = (nodes: readonly MarkdownNode[], onToggle: OnToggle): ReactNode =>
  nodes.map((node, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- a node is where it is in the text, and nothing else
    <Fragment key={index}>{renderNode(node, onToggle)}</Fragment>
  ));

const renderNode = (node: MarkdownNode, onToggle: OnToggle): ReactNode => {
  switch (node.kind) {
    case "text":
      return node.text;
    case "code":
      return <code>{node.text}</code>;
    case "code-block":
      return (
        <pre>
          <code>{node.text}</code>
        </pre>
      );
    case "line-end":
      return <br />;
    case "rule":
      return <hr />;
    case "picture":
      return <Picture src={node.src} alt={node.alt} />;
    case "task-box":
      return <Box box={node} onToggle={onToggle} />;
    case "group":
      return render(node.children, onToggle);
    case "list":
      return node.start === null ? (
        <ul>{render(node.children, onToggle)}</ul>
      ) : (
        <ol start={node.start}>{render(node.children, onToggle)}</ol>
      );
    case "link":
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer">
          {render(node.children, onToggle)}
        </a>
      );
    case "element":
      return <node.tag>{render(node.children, onToggle)}</node.tag>;
  }
};

const Box = ({ box, onToggle }: { readonly box: TaskBox; readonly onToggle: OnToggle }): ReactElement => (
  <input
    type="checkbox"
    checked={box.isChecked}
    aria-label={texts.taskBox(box.label)}
    onChange={() => onToggle(box.line)}
  />
);

/** A picture from elsewhere tells its server that it was seen, and by whom: it is fetched when the reader asks for it. */
const Picture = ({ src, alt }: { readonly src: string | null; readonly alt: string }): ReactElement => {
  const [isShown, setShown] = useState(false);
  if (src === null) return <em>{alt}</em>;
  if (!src.startsWith("https:")) {
    return (
      <a href={src} target="_blank" rel="noopener noreferrer">
        {alt === "" ? src : alt}
      </a>
    );
  }
  if (isShown) return <img src={src} alt={alt} referrerPolicy="no-referrer" />;
  return (
    <button type="button" className={styles.picture} onClick={() => setShown(true)}>
      <Image size={14} aria-hidden />
      {texts.showPicture(alt, new URL(src).host)}
    </button>
  );
};

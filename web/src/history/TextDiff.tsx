import { useMemo, type ReactElement } from "react";
import { classNames } from "../ui/class-names.ts";
import { text } from "./messages.ts";
import { textDiff, type Piece } from "./text-diff.ts";
import styles from "./TextDiff.module.css";

interface TextDiffProps {
  readonly old: string;
  readonly now: string;
}

/** Two texts as one: what was removed struck through, what was added marked. A text that is all new needs no marks. */
export const TextDiff = ({ old, now }: TextDiffProps): ReactElement => {
  const pieces = useMemo(() => textDiff(old, now), [old, now]);
  return (
    <p dir="auto" className={classNames(styles.text, (old === "" || now === "") && styles.whole)}>
      {pieces.map((piece, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the pieces of two texts never move
        <DiffPiece key={index} piece={piece} />
      ))}
    </p>
  );
};

const DiffPiece = ({ piece }: { readonly piece: Piece }): ReactElement => {
  switch (piece.kind) {
    case "same":
      return <span>{piece.text}</span>;
    case "added":
      return <ins className={styles.added}>{piece.text}</ins>;
    case "removed":
      return <del className={styles.removed}>{piece.text}</del>;
    case "gap":
      return (
        <span className={styles.gap} role="img" aria-label={text.leftOut}>
          {" … "}
        </span>
      );
  }
};

import { useLayoutEffect, useRef, type InputHTMLAttributes, type ReactElement, type RefObject } from "react";
import type { Span } from "../../../../src/domain/quick-add/span.ts";
import { classNames } from "../../ui/class-names.ts";
import styles from "./TintedInput.module.css";

interface TintedInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "ref"> {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly value: string;
  /** In order, not overlapping. */
  readonly tinted: readonly Span[];
}

/** A field of one line with some of its words tinted: the tint lies on a copy of the text right behind it. */
export const TintedInput = ({ input, value, tinted, className, ...rest }: TintedInputProps): ReactElement => {
  const copy = useRef<HTMLDivElement>(null);
  const follow = (): void => {
    if (copy.current !== null && input.current !== null) copy.current.scrollLeft = input.current.scrollLeft;
  };
  useLayoutEffect(follow);
  return (
    <div className={styles.field}>
      <div ref={copy} className={styles.copy} dir="auto" aria-hidden>
        {piecesOf(value, tinted).map(({ start, text, isTinted }) =>
          isTinted ? (
            <mark key={start} className={styles.tint}>
              {text}
            </mark>
          ) : (
            <span key={start}>{text}</span>
          ),
        )}
      </div>
      <input
        ref={input}
        dir="auto"
        value={value}
        className={classNames(className, styles.input)}
        onScroll={follow}
        {...rest}
      />
    </div>
  );
};

interface Piece {
  readonly start: number;
  readonly text: string;
  readonly isTinted: boolean;
}

const piecesOf = (value: string, tinted: readonly Span[]): Piece[] => {
  const pieces = tinted.flatMap(({ start, end }, index): Piece[] => {
    const from = tinted[index - 1]?.end ?? 0;
    return [
      { start: from, text: value.slice(from, start), isTinted: false },
      { start, text: value.slice(start, end), isTinted: true },
    ];
  });
  const last = tinted.at(-1)?.end ?? 0;
  return [...pieces, { start: last, text: value.slice(last), isTinted: false }].filter(({ text }) => text !== "");
};

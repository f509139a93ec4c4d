import { AlignLeft, ArrowDown, Flag, type LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import { classNames } from "./class-names.ts";
import { messages } from "./messages.ts";
import styles from "./RowMarks.module.css";

const text = messages("marks", {
  hasDescription: "Has a description",
  highPriority: "High priority",
  lowPriority: "Low priority",
});

interface RowMarksProps {
  readonly hasDescription: boolean;
  readonly priority: "low" | "medium" | "high";
  /** Nothing presses any more. */
  readonly isDone: boolean;
  readonly className: string | undefined;
}

/** What a row tells of its task beside the title: marks that mean something, and nothing for what is usual. */
export const RowMarks = ({ hasDescription, priority, isDone, className }: RowMarksProps): ReactElement => (
  <>
    {hasDescription && <Mark icon={AlignLeft} words={text.hasDescription} className={className} />}
    {priority === "high" && (
      <Mark icon={Flag} words={text.highPriority} className={classNames(className, !isDone && styles.high)} />
    )}
    {priority === "low" && <Mark icon={ArrowDown} words={text.lowPriority} className={className} />}
  </>
);

const Mark = ({
  icon: Icon,
  words,
  className,
}: {
  readonly icon: LucideIcon;
  readonly words: string;
  readonly className: string | undefined;
}): ReactElement => (
  <span className={className}>
    <Icon size={14} aria-hidden />
    <span className="visually-hidden">{words}</span>
  </span>
);

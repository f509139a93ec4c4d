import type { ReactElement } from "react";
import { useNow } from "../time/clock.ts";
import type { Clock } from "../time/due-date.ts";
import { formatInstant } from "../time/due-words.ts";
import { relativeWords } from "../time/relative-words.ts";
import { locale } from "../ui/messages.ts";
import { Tooltip } from "../ui/Tooltip.tsx";

interface WhenProps {
  readonly instant: string;
  readonly clock: Clock;
  readonly className: string | undefined;
}

/** How long ago; to whoever points at it, or listens, the exact time. */
export const When = ({ instant, clock, className }: WhenProps): ReactElement => {
  const now = useNow();
  const exact = formatInstant(instant, clock.zone, locale);
  return (
    <Tooltip text={exact}>
      <time dateTime={instant} className={className}>
        {relativeWords(instant, now, locale)}
        <span className="visually-hidden">, {exact}</span>
      </time>
    </Tooltip>
  );
};

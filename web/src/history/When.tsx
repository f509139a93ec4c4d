import type { ReactElement } from "react";
import type { Clock } from "../time/due-date.ts";
import { formatInstant } from "../time/due-words.ts";
import { relativeWords } from "../time/relative-words.ts";
import { locale } from "../ui/messages.ts";
import { Tooltip } from "../ui/Tooltip.tsx";

/** How long ago; to whoever points at it, the exact time. */
export const When = ({ instant, clock, className }: { readonly instant: string; readonly clock: Clock; readonly className: string | undefined }): ReactElement => (
  <Tooltip text={formatInstant(instant, clock.zone, locale)}>
    <time dateTime={instant} className={className}>
      {relativeWords(instant, Date.now(), locale)}
    </time>
  </Tooltip>
);

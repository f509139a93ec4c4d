import type { ComponentProps, ReactElement } from "react";
import { useClock } from "../time/clock.ts";
import { Menu } from "../ui/Menu.tsx";
import { text } from "./messages.ts";
import { snoozeChoices } from "./snooze-choices.ts";

interface SnoozeMenuProps {
  readonly trigger: ReactElement<ComponentProps<"button">>;
  readonly onSnooze: (until: string) => void;
  /** None of the usual ones: another time is asked for. */
  readonly onPick: () => void;
}

/** The usual ways to put something off. */
export const SnoozeMenu = ({ trigger, onSnooze, onPick }: SnoozeMenuProps): ReactElement => {
  const clock = useClock();
  const choices = snoozeChoices(clock).map(({ label, until }) => ({
    kind: "item" as const,
    label,
    run: () => onSnooze(until(Date.now())),
  }));
  return (
    <Menu
      label={text.snooze}
      trigger={trigger}
      parts={[...choices, { kind: "item", label: text.pickTime, isApart: true, run: onPick }]}
    />
  );
};

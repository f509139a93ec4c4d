import { lazy, Suspense, useState, type ReactElement, type ReactNode } from "react";
import { IconButton } from "../ui/Button.tsx";
import { changedDue, type Clock } from "../time/due-date.ts";
import { text } from "./messages.ts";

const DuePicker = lazy(async () => ({ default: (await import("./DuePicker.tsx")).DuePicker }));

interface DuePickerButtonProps {
  readonly due: string | null;
  readonly clock: Clock;
  readonly onPick: (due: string | null) => void;
  readonly children: ReactNode;
}

/** A button that opens the due picker for something that is no task yet. */
export const DuePickerButton = ({ due, clock, onPick, children }: DuePickerButtonProps): ReactElement => {
  const [anchor, setAnchor] = useState<Element | null>(null);
  return (
    <>
      <IconButton
        small
        label={text.dueDate}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {children}
      </IconButton>
      {anchor !== null && (
        <Suspense>
          <DuePicker
            anchor={anchor}
            due={due}
            clock={clock}
            onChange={(change) => onPick(changedDue(due, change, clock))}
            onClose={() => setAnchor(null)}
          />
        </Suspense>
      )}
    </>
  );
};

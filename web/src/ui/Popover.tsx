import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import { keepClear } from "./keep-clear.ts";
import { phone, useMedia } from "./media.ts";
import styles from "./Popover.module.css";
import { Sheet } from "./Sheet.tsx";

interface PopoverProps {
  readonly anchor: Element | null;
  readonly label: string;
  readonly onClose: () => void;
  /** What has the focus first; the first control when not said. */
  readonly initialFocus?: () => HTMLElement | null;
  readonly children: ReactNode;
}

/**
 * A popover that is open at an element, on a phone a sheet from below; on closing the focus goes back to the element.
 */
export const Popover = ({ anchor, label, onClose, initialFocus, children }: PopoverProps): ReactElement => {
  const isPhone = useMedia(phone);
  if (isPhone) {
    return (
      <Sheet anchor={anchor} label={label} onClose={onClose}>
        {children}
      </Sheet>
    );
  }
  return (
    <Base.Root open modal onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Positioner
          anchor={anchor}
          side="bottom"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          collisionAvoidance={{ side: "shift", align: "shift", fallbackAxisSide: "none" }}
          className={styles.positioner}
        >
          <Base.Popup
            ref={keepClear}
            className={styles.popup}
            aria-label={label}
            {...(initialFocus === undefined ? {} : { initialFocus })}
            finalFocus={() => (anchor instanceof HTMLElement ? anchor : null)}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
};

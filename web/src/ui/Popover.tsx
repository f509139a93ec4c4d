import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import styles from "./Popover.module.css";

interface PopoverProps {
  readonly anchor: Element | null;
  readonly label: string;
  readonly onClose: () => void;
  /** What has the focus first; the first control when not said. */
  readonly initialFocus?: () => HTMLElement | null;
  readonly children: ReactNode;
}

/** A popover that is open at an element; on closing the focus goes back to it. */
export const Popover = ({ anchor, label, onClose, initialFocus, children }: PopoverProps): ReactElement => (
  <Base.Root open modal onOpenChange={(open) => !open && onClose()}>
    <Base.Portal>
      <Base.Positioner anchor={anchor} side="bottom" align="end" sideOffset={4} collisionPadding={8} collisionAvoidance={{ side: "shift", align: "shift", fallbackAxisSide: "none" }} className={styles.positioner}>
        <Base.Popup className={styles.popup} aria-label={label} {...(initialFocus === undefined ? {} : { initialFocus })} finalFocus={() => (anchor instanceof HTMLElement ? anchor : null)}>
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);

import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import styles from "./Popover.module.css";

interface PopoverProps {
  readonly anchor: Element | null;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A popover that is open at an element; on closing the focus goes back to it. */
export const Popover = ({ anchor, label, onClose, children }: PopoverProps): ReactElement => (
  <Base.Root open modal onOpenChange={(open) => !open && onClose()}>
    <Base.Portal>
      <Base.Positioner anchor={anchor} side="bottom" align="end" sideOffset={4} collisionPadding={8} className={styles.positioner}>
        <Base.Popup className={styles.popup} aria-label={label} finalFocus={() => (anchor instanceof HTMLElement ? anchor : null)}>
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);

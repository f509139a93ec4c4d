import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement } from "react";
import { Kbd } from "./Kbd.tsx";
import type { Hint } from "./Tooltip.tsx";
import styles from "./Tooltip.module.css";

/** The tooltip itself, at the control that is pointed at. Escape hides it. */
export const TooltipPopup = ({
  hint,
  onClose,
}: {
  readonly hint: Hint;
  readonly onClose: () => void;
}): ReactElement | null => {
  if (!hint.anchor.isConnected) return null;
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Positioner anchor={hint.anchor} sideOffset={6} className={styles.positioner}>
          <Base.Popup className={styles.popup} data-tooltip>
            {hint.text}
            {hint.shortcut !== undefined && <Kbd keys={hint.shortcut} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
};

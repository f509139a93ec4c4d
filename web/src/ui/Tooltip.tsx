import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement } from "react";
import { Kbd } from "./Kbd.tsx";
import styles from "./Tooltip.module.css";

interface TooltipProps {
  readonly text: string;
  readonly shortcut?: string;
  readonly children: ReactElement;
}

/** Says what a control does, and its key, to those who point at it. Its child carries the accessible name itself. */
export const Tooltip = ({ text, shortcut, children }: TooltipProps): ReactElement => (
  <Base.Root>
    <Base.Trigger render={children} />
    <Base.Portal>
      <Base.Positioner sideOffset={6} className={styles.positioner}>
        <Base.Popup className={styles.popup}>
          {text}
          {shortcut !== undefined && <Kbd keys={shortcut} />}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);

/** Lets a second tooltip open at once when one has just been read. */
export const TooltipProvider = Base.Provider;

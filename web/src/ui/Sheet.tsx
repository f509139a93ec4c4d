import { Drawer } from "@base-ui/react/drawer";
import { X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { IconButton } from "./Button.tsx";
import { keepClear } from "./keep-clear.ts";
import { messages } from "./messages.ts";
import styles from "./Sheet.module.css";

const text = messages("sheet", { close: "Close" });

interface SheetProps {
  readonly anchor: Element | null;
  readonly label: string;
  readonly onClose: () => void;
  /** What has the focus first; the first control when not said. */
  readonly initialFocus?: () => HTMLElement | null;
  readonly children: ReactNode;
}

/** Lies over the lower part of a phone's screen, where the thumb is; swiped down it closes. Named by its title. */
export const Sheet = ({ anchor, label, onClose, initialFocus, children }: SheetProps): ReactElement => (
  <Drawer.Root open onOpenChange={(open) => !open && onClose()}>
    <Drawer.Portal>
      <Drawer.Backdrop className={styles.backdrop} />
      <Drawer.Viewport className={styles.viewport}>
        <Drawer.Popup
          ref={keepClear}
          className={styles.popup}
          aria-label={label}
          {...(initialFocus === undefined ? {} : { initialFocus })}
          finalFocus={() => (anchor instanceof HTMLElement ? anchor : null)}
        >
          <div className={styles.head}>
            <span className={styles.handle} />
            <Drawer.Title className={styles.title}>{label}</Drawer.Title>
            <Drawer.Close render={<IconButton label={text.close} />}>
              <X size={20} aria-hidden />
            </Drawer.Close>
          </div>
          <Drawer.Content className={styles.content}>{children}</Drawer.Content>
        </Drawer.Popup>
      </Drawer.Viewport>
    </Drawer.Portal>
  </Drawer.Root>
);

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useCallback, useRef, type ReactElement, type ReactNode } from "react";
import { IconButton } from "./Button.tsx";
import styles from "./Dialog.module.css";
import { keepClear } from "./keep-clear.ts";
import { messages } from "./messages.ts";

const text = messages("ui", { close: "Close" });

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Shows the title and a close button; without, the title is for screen readers alone. */
  readonly bare?: boolean;
}

/** A modal dialog that is open as long as it is rendered. */
export const Dialog = ({ title, onClose, children, bare = false }: DialogProps): ReactElement => {
  const popup = useRef<HTMLDivElement>(null);
  const takePopup = useCallback((element: HTMLDivElement | null) => {
    popup.current = element;
    return keepClear(element);
  }, []);
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Viewport className={styles.viewport}>
          <Base.Popup
            ref={takePopup}
            className={styles.popup}
            initialFocus={() =>
              popup.current?.querySelector<HTMLElement>("input:checked") ??
              popup.current?.querySelector("input") ??
              popup.current
            }
          >
            {bare ? <Base.Title className="visually-hidden">{title}</Base.Title> : <DialogHead title={title} />}
            {bare ? children : <div className={styles.body}>{children}</div>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
};

const DialogHead = ({ title }: { readonly title: string }): ReactElement => (
  <div className={styles.head}>
    <Base.Title className={styles.title}>{title}</Base.Title>
    <Base.Close render={<IconButton label={text.close} shortcut="Esc" />}>
      <X size={18} aria-hidden />
    </Base.Close>
  </div>
);

interface DrawerProps {
  readonly label: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Slides in from the left, over everything: the sidebar on a phone. */
export const Drawer = ({ label, open, onClose, children }: DrawerProps): ReactElement => (
  <Base.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
    <Base.Portal>
      <Base.Backdrop className={styles.backdrop} />
      <Base.Popup className={styles.drawer} aria-label={label}>
        {children}
      </Base.Popup>
    </Base.Portal>
  </Base.Root>
);

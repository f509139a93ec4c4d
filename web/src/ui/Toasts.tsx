import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Button, IconButton } from "./Button.tsx";
import { messages } from "./messages.ts";
import styles from "./Toasts.module.css";

const text = messages("toasts", { dismiss: "Dismiss" });
const manager = Toast.createToastManager();
const shownMs = 7000;

interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

/** Tells what happened, in a line, with at most one thing to do about it. The same `id` replaces what it said before. */
export const showToast = (title: ReactNode, action?: ToastAction, id?: string): void => {
  const key = manager.add({
    title,
    timeout: shownMs,
    ...(id === undefined ? {} : { id }),
    ...(action === undefined
      ? {}
      : {
          actionProps: {
            children: action.label,
            onClick: () => {
              manager.close(key);
              action.run();
            },
          },
        }),
  });
};

/** Where toasts appear; once, at the root. */
export const ToastRegion = ({ children }: { readonly children: ReactNode }): ReactElement => (
  <Toast.Provider toastManager={manager} limit={2}>
    {children}
    <Toast.Portal>
      <Toast.Viewport className={styles.viewport}>
        <ToastList />
      </Toast.Viewport>
    </Toast.Portal>
  </Toast.Provider>
);

const ToastList = (): ReactElement[] =>
  Toast.useToastManager().toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={styles.toast} swipeDirection="down">
      <Toast.Content className={styles.content}>
        <Toast.Title className={styles.title} render={<div />} />
        <Toast.Action render={<Button look="link" />} />
        <Toast.Close render={<IconButton label={text.dismiss} small />}>
          <X size={16} aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));

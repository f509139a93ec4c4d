import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect, type ReactElement } from "react";
import { Button, IconButton } from "./Button.tsx";
import { classNames } from "./class-names.ts";
import { messages } from "./messages.ts";
import { letToastsShow, toastManager, type ToastData } from "./toast-manager.ts";
import styles from "./Toasts.module.css";

const text = messages("toasts", { region: "Messages", dismiss: "Dismiss" });

/** The toasts themselves. */
export const ToastViewport = (): ReactElement => (
  <Toast.Provider toastManager={toastManager} limit={2}>
    <Toast.Portal>
      <Toast.Viewport className={styles.viewport} aria-label={text.region}>
        <ToastList />
      </Toast.Viewport>
    </Toast.Portal>
    <Ready />
  </Toast.Provider>
);

/** After the provider, whose own effect begins to listen: effects of what is within run first. */
const Ready = (): null => {
  useEffect(() => {
    const timer = setTimeout(letToastsShow);
    return () => clearTimeout(timer);
  }, []);
  return null;
};

const ToastList = (): ReactElement[] =>
  Toast.useToastManager<ToastData>().toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={styles.toast} swipeDirection="down">
      <Toast.Content className={classNames(styles.content, toast.data !== undefined && styles.notice)}>
        <Toast.Title className={styles.title} render={<div />} />
        <Toast.Description className={styles.body} />
        <Toast.Action render={<Button look="link" />} />
        <Toast.Close
          render={<IconButton label={text.dismiss} small className={styles.dismiss} />}
          onClick={() => toast.data?.onDismiss()}
        >
          <X size={16} aria-hidden />
        </Toast.Close>
        {toast.data !== undefined && <div className={styles.controls}>{toast.data.controls}</div>}
      </Toast.Content>
    </Toast.Root>
  ));

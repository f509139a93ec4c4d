import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect, useState, type ReactElement } from "react";
import { Button, IconButton } from "./Button.tsx";
import { classNames } from "./class-names.ts";
import { useToastPlace } from "./keep-clear.ts";
import { messages } from "./messages.ts";
import { letToastsShow, toastManager, type ToastData } from "./toast-manager.ts";
import styles from "./Toasts.module.css";

const text = messages("toasts", { region: "Messages", dismiss: "Dismiss" });

/** The toasts themselves. */
export const ToastViewport = (): ReactElement => (
  <Toast.Provider toastManager={toastManager} limit={2}>
    <Toast.Portal>
      <Region />
    </Toast.Portal>
    <Ready />
  </Toast.Provider>
);

/** Stands where it covers nothing that is to be used. */
const Region = (): ReactElement => {
  const [region, setRegion] = useState<Element | null>(null);
  const { toasts } = Toast.useToastManager<ToastData>();
  const bottom = useToastPlace(region, toasts.length);
  return (
    <Toast.Viewport ref={setRegion} className={styles.viewport} style={{ bottom }} aria-label={text.region}>
      <ToastList />
    </Toast.Viewport>
  );
};

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
        <Toast.Title className={styles.title} dir="auto" render={<div />} />
        <Toast.Description className={styles.body} dir="auto" />
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

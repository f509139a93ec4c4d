import { Toast } from "@base-ui/react/toast";
import type { ReactNode } from "react";

/** What a notice has beyond a line of text. */
export interface ToastData {
  readonly controls: ReactNode;
  readonly onDismiss: () => void;
}

export const toastManager = Toast.createToastManager<ToastData>();

const { promise, resolve } = Promise.withResolvers<void>();

/** Resolves when there is a place where toasts appear: the manager keeps none for later. */
export const toastsCanShow = promise;
export const letToastsShow = resolve;

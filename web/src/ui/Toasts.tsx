import { lazy, Suspense, type ReactElement, type ReactNode } from "react";
import { toastManager, toastsCanShow } from "./toast-manager.ts";

const ToastViewport = lazy(async () => ({ default: (await import("./ToastViewport.tsx")).ToastViewport }));
const shownMs = 7000;

interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

/**
 * Tells what happened, in a line, with at most one thing to do about it. The same `id` replaces what it said before.
 * It goes after a moment, unless it `staysOpen` until it was read.
 */
export const showToast = (title: ReactNode, action?: ToastAction, id?: string, staysOpen = false): void => {
  void toastsCanShow.then(() => {
    const key = toastManager.add({
      title,
      timeout: staysOpen ? 0 : shownMs,
      ...(id === undefined ? {} : { id }),
      // One that takes the place of another must not keep that one's action: without any, it says so.
      actionProps: action && {
        children: action.label,
        onClick: () => {
          toastManager.close(key);
          action.run();
        },
      },
    });
  });
};

export interface Notice {
  readonly id: string;
  readonly title: string;
  readonly body: string | null;
  /** Buttons beneath. */
  readonly controls: ReactNode;
  /** Until someone does something about it, here or elsewhere. */
  readonly staysOpen: boolean;
  readonly onDismiss: () => void;
}

/** Shows something that happened elsewhere, with what can be done about it. The same `id` is shown once. */
export const showNotice = ({ id, title, body, controls, staysOpen, onDismiss }: Notice): void => {
  void toastsCanShow.then(() =>
    toastManager.add({ id, title, description: body, timeout: staysOpen ? 0 : shownMs, data: { controls, onDismiss } }),
  );
};

export const closeToast = (id: string): void => void toastsCanShow.then(() => toastManager.close(id));

/** Where toasts appear; once, at the root. It is loaded after the first view, which has none. */
export const ToastRegion = ({ children }: { readonly children: ReactNode }): ReactElement => (
  <>
    {children}
    <Suspense>
      <ToastViewport />
    </Suspense>
  </>
);

import {
  cloneElement,
  lazy,
  Suspense,
  type FocusEvent,
  type HTMLAttributes,
  type PointerEvent,
  type ReactElement,
} from "react";
import { create } from "zustand";

const TooltipPopup = lazy(async () => ({ default: (await import("./TooltipPopup.tsx")).TooltipPopup }));

const delayMs = 450;
/** After one tooltip was read the next comes at once. */
const warmMs = 400;

export interface Hint {
  readonly anchor: Element;
  readonly text: string;
  readonly shortcut: string | undefined;
}

const useHint = create<{ hint: Hint | null }>(() => ({ hint: null }));
let timer: ReturnType<typeof setTimeout> | undefined;
let hiddenAt = 0;

const show = (hint: Hint, now: number): void => {
  clearTimeout(timer);
  const isWarm = useHint.getState().hint !== null || now - hiddenAt < warmMs;
  timer = setTimeout(() => useHint.setState({ hint }), isWarm ? 0 : delayMs);
};

const hide = (): void => {
  clearTimeout(timer);
  if (useHint.getState().hint === null) return;
  hiddenAt = performance.now();
  useHint.setState({ hint: null });
};

interface TooltipProps {
  readonly text: string;
  readonly shortcut?: string | undefined;
  readonly children: ReactElement<HTMLAttributes<HTMLElement>>;
}

/** Says what a control does, and its key, to those who point at it. Its child carries the accessible name itself. */
export const Tooltip = ({ text, shortcut, children }: TooltipProps): ReactElement => {
  const { props } = children;
  return cloneElement(children, {
    onPointerEnter: (event: PointerEvent<HTMLElement>) => {
      props.onPointerEnter?.(event);
      if (event.pointerType !== "touch") show({ anchor: event.currentTarget, text, shortcut }, performance.now());
    },
    onPointerLeave: (event: PointerEvent<HTMLElement>) => {
      props.onPointerLeave?.(event);
      hide();
    },
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      props.onPointerDown?.(event);
      hide();
    },
    onFocus: (event: FocusEvent<HTMLElement>) => {
      props.onFocus?.(event);
      if (event.currentTarget.matches(":focus-visible"))
        show({ anchor: event.currentTarget, text, shortcut }, performance.now());
    },
    onBlur: (event: FocusEvent<HTMLElement>) => {
      props.onBlur?.(event);
      hide();
    },
  });
};

/** Where the one tooltip appears; once, at the root. */
export const TooltipRegion = (): ReactElement | null => {
  const hint = useHint((state) => state.hint);
  if (hint === null) return null;
  return (
    <Suspense>
      <TooltipPopup hint={hint} onClose={hide} />
    </Suspense>
  );
};

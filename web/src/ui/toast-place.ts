/** A rectangle on the screen, in pixels from its top left corner. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface ToastPlaceInput {
  readonly screen: { readonly width: number; readonly height: number };
  /** How large the toasts are together. */
  readonly toasts: { readonly width: number; readonly height: number };
  /** What they must not lie over: bars at the bottom, dialogs with their buttons. */
  readonly obstacles: readonly Box[];
}

const GAP = 8;
const EDGE = 20;

/**
 * How far above the lower edge of the screen the toasts stand, in pixels: as low as they can without lying over what is
 * to be used. Where there is no such place, they stand at the top.
 */
export const toastPlace = ({ screen, toasts, obstacles }: ToastPlaceInput): number => {
  const left = (screen.width - toasts.width) / 2;
  const inTheWay = obstacles.filter((box) => box.left < left + toasts.width && box.right > left);
  const highest = Math.max(EDGE, screen.height - toasts.height - GAP);
  const candidates = [EDGE, ...inTheWay.map(({ top }) => screen.height - top + GAP)].toSorted((a, b) => a - b);
  const isFree = (bottom: number): boolean => {
    const [lower, upper] = [screen.height - bottom, screen.height - bottom - toasts.height];
    return inTheWay.every((box) => box.top >= lower || box.bottom <= upper);
  };
  return candidates.find((bottom) => bottom <= highest && isFree(bottom)) ?? highest;
};

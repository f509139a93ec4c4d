import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement } from "react";
import { Kbd } from "./Kbd.tsx";
import type { MenuPart } from "./Menu.tsx";
import styles from "./Menu.module.css";

interface MenuPopupProps {
  readonly anchor: Element | null;
  readonly label: string;
  readonly parts: readonly MenuPart[];
  readonly onClose: () => void;
}

/**
 * A menu that is open at an element, within its landmark; on closing the focus goes back to it. In a toast, a press in
 * it is no swipe of the toast.
 */
export const MenuPopup = ({ anchor, label, parts, onClose }: MenuPopupProps): ReactElement => (
  <Base.Root open onOpenChange={(open) => !open && onClose()}>
    <Base.Portal {...within(anchor)}>
      <Base.Positioner
        anchor={anchor}
        positionMethod="fixed"
        side="bottom"
        align="end"
        sideOffset={4}
        className={styles.positioner}
        data-base-ui-swipe-ignore
      >
        <Base.Popup
          className={styles.popup}
          aria-label={label}
          finalFocus={() => (anchor instanceof HTMLElement ? anchor : null)}
        >
          {parts.map((part) => (
            <Part key={part.label} part={part} />
          ))}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);

/** Outside of every landmark, as in a toast or a popover, it is the page that it opens in. */
const within = (anchor: Element | null): { readonly container?: HTMLElement } => {
  const container = anchor?.closest<HTMLElement>("main, header, aside");
  return container === null || container === undefined ? {} : { container };
};

const Part = ({ part }: { readonly part: MenuPart }): ReactElement => {
  if (part.kind === "choices") return <Choices {...part} />;
  return (
    <>
      {part.isApart === true && <Base.Separator className={styles.separator} />}
      <Base.Item className={styles.item} onClick={part.run}>
        {part.icon}
        <span className={styles.label}>{part.label}</span>
        {part.shortcut !== undefined && <Kbd keys={part.shortcut} />}
      </Base.Item>
    </>
  );
};

/** One of several, with a tick at the present one. */
const Choices = ({ label, value, choices, choose, isApart }: MenuPart & { kind: "choices" }): ReactElement => (
  <>
    {isApart === true && <Base.Separator className={styles.separator} />}
    <Base.RadioGroup value={value} onValueChange={choose}>
      <Base.GroupLabel className={styles.heading}>{label}</Base.GroupLabel>
      {choices.map((choice) => (
        <Base.RadioItem key={choice.value} value={choice.value} closeOnClick className={styles.item}>
          {choice.icon}
          <span className={styles.label}>{choice.label}</span>
          <span className={styles.check}>
            <Base.RadioItemIndicator>
              <Check size={16} aria-hidden />
            </Base.RadioItemIndicator>
          </span>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  </>
);

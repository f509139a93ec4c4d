import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Kbd } from "./Kbd.tsx";
import styles from "./Menu.module.css";

interface MenuProps {
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly align?: "start" | "end";
}

/** A menu that opens from its trigger. */
export const Menu = ({ trigger, children, align = "end" }: MenuProps): ReactElement => (
  <Base.Root modal={false}>
    <Base.Trigger render={trigger} />
    <Base.Portal>
      <Base.Positioner sideOffset={6} align={align} className={styles.positioner}>
        <Base.Popup className={styles.popup}>{children}</Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);

interface MenuItemProps {
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly shortcut?: string;
  readonly onClick: () => void;
}

export const MenuItem = ({ icon, children, shortcut, onClick }: MenuItemProps): ReactElement => (
  <Base.Item className={styles.item} onClick={onClick}>
    {icon}
    <span className={styles.label}>{children}</span>
    {shortcut !== undefined && <Kbd keys={shortcut} />}
  </Base.Item>
);

export interface MenuChoice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly icon?: ReactNode;
}

interface MenuChoicesProps<T extends string> {
  readonly heading: string;
  readonly value: T | null;
  readonly choices: readonly MenuChoice<T>[];
  readonly onChoose: (value: T) => void;
}

/** One of several, with a tick at the present one. */
export const MenuChoices = <T extends string>({ heading, value, choices, onChoose }: MenuChoicesProps<T>): ReactElement => (
  <Base.RadioGroup value={value} onValueChange={onChoose}>
    <Base.GroupLabel className={styles.heading}>{heading}</Base.GroupLabel>
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
);

export const MenuSeparator = (): ReactElement => <Base.Separator className={styles.separator} />;

interface AnchoredMenuProps {
  readonly anchor: Element | null;
  readonly onClose: () => void;
  readonly label: string;
  readonly children: ReactNode;
}

/** A menu that is open, at an element that is no trigger of its own: opened by a key, or from many places. */
export const AnchoredMenu = ({ anchor, onClose, label, children }: AnchoredMenuProps): ReactElement => (
  <Base.Root open onOpenChange={(open) => !open && onClose()} modal={false}>
    <Base.Portal>
      <Base.Positioner anchor={anchor} side="bottom" align="end" sideOffset={4} className={styles.positioner}>
        <Base.Popup className={styles.popup} aria-label={label} finalFocus={() => focusable(anchor)}>
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
);

const focusable = (anchor: Element | null): HTMLElement | null => (anchor instanceof HTMLElement ? anchor : null);

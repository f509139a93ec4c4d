import {
  cloneElement,
  lazy,
  Suspense,
  useState,
  type ComponentProps,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
} from "react";

const loadPopup = async () => ({ default: (await import("./MenuPopup.tsx")).MenuPopup });
const MenuPopup = lazy(loadPopup);

export interface MenuChoice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly icon?: ReactNode;
}

/** What stands in a menu: something to do, or one of several to choose. `isApart` draws a line before it. */
export type MenuPart =
  | {
      readonly kind: "item";
      readonly label: string;
      readonly icon?: ReactNode;
      readonly shortcut?: string;
      readonly isApart?: boolean;
      readonly run: () => void;
    }
  | {
      readonly kind: "choices";
      readonly label: string;
      readonly value: string | null;
      readonly choices: readonly MenuChoice<string>[];
      readonly isApart?: boolean;
      readonly choose: (value: string) => void;
    };

/** A part of a menu that chooses one of several, typed by its values. */
export const choicesPart = <T extends string>(
  label: string,
  value: T | null,
  choices: readonly MenuChoice<T>[],
  onChoose: (value: T) => void,
): MenuPart & { readonly kind: "choices" } => ({
  kind: "choices",
  label,
  value,
  choices,
  choose: (chosen) => {
    const choice = choices.find((each) => each.value === chosen);
    if (choice !== undefined) onChoose(choice.value);
  },
});

interface MenuProps {
  readonly label: string;
  readonly trigger: ReactElement<ComponentProps<"button">>;
  readonly parts: readonly MenuPart[];
}

/** A button with a menu. The menu itself is loaded when someone is about to open one. */
export const Menu = ({ label, trigger, parts }: MenuProps): ReactElement => {
  const [anchor, setAnchor] = useState<Element | null>(null);
  return (
    <>
      {cloneElement(trigger, {
        "aria-haspopup": "menu",
        "aria-expanded": anchor !== null,
        onPointerEnter: () => void loadPopup(),
        onFocus: () => void loadPopup(),
        onClick: (event: MouseEvent<HTMLButtonElement>) => setAnchor(event.currentTarget),
      })}
      {anchor !== null && (
        <Suspense>
          <MenuPopup anchor={anchor} label={label} parts={parts} onClose={() => setAnchor(null)} />
        </Suspense>
      )}
    </>
  );
};

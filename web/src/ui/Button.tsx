import type { ComponentProps, ReactElement } from "react";
import styles from "./Button.module.css";
import { classNames } from "./class-names.ts";
import { Tooltip } from "./Tooltip.tsx";

interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: "primary" | "quiet" | "outline" | "link" | "danger";
}

/** A button with a text. */
export const Button = ({ look = "outline", className, ...rest }: ButtonProps): ReactElement => (
  <button type="button" {...rest} className={classNames(styles.button, styles[look], className)} />
);

interface IconButtonProps extends Omit<ComponentProps<"button">, "aria-label"> {
  /** What it does: its accessible name, and its tooltip. */
  readonly label: string;
  /** A shorter tooltip, where the label repeats what stands beside it. */
  readonly hint?: string;
  readonly shortcut?: string;
  readonly small?: boolean;
}

/** A button that shows an icon alone. */
export const IconButton = ({
  label,
  hint = label,
  shortcut,
  small,
  className,
  ...rest
}: IconButtonProps): ReactElement => (
  <Tooltip text={hint} shortcut={shortcut}>
    <button
      type="button"
      {...rest}
      aria-label={label}
      className={classNames(styles.icon, small && styles.small, className)}
    />
  </Tooltip>
);

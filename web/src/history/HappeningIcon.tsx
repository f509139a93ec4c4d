import {
  ArchiveRestore,
  Bell,
  CircleCheck,
  Globe,
  Pencil,
  Plus,
  RotateCcw,
  SkipForward,
  Trash2,
  type LucideIcon,
} from "lucide-react";
import type { ReactElement } from "react";
import { classNames } from "../ui/class-names.ts";
import styles from "./HappeningIcon.module.css";
import type { Happening } from "./telling.ts";

const icons: Readonly<Record<Happening, LucideIcon>> = {
  added: Plus,
  addedNext: Plus,
  changed: Pencil,
  moved: Globe,
  completed: CircleCheck,
  skipped: SkipForward,
  reopened: RotateCcw,
  trashed: Trash2,
  restored: ArchiveRestore,
  removed: Trash2,
  reminded: Bell,
};

const tones: Partial<Record<Happening, string | undefined>> = {
  completed: styles.done,
  trashed: styles.gone,
  removed: styles.gone,
};

/** What happened, at a glance; the words beside it say the same. */
export const HappeningIcon = ({ happening }: { readonly happening: Happening }): ReactElement => {
  const Icon = icons[happening];
  return (
    <span className={classNames(styles.icon, tones[happening])}>
      <Icon size={14} aria-hidden />
    </span>
  );
};

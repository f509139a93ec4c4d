import { PanelLeftClose, Settings } from "lucide-react";
import { useMemo, type ReactElement, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useTasks } from "../api/tasks-store.ts";
import { useClock } from "../time/clock.ts";
import { countToday } from "../tasks/selections.ts";
import { IconButton } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import { Logo } from "../ui/Logo.tsx";
import { text } from "./messages.ts";
import styles from "./Sidebar.module.css";
import { reports, views } from "./views.tsx";

interface SidebarProps {
  readonly onHide: () => void;
  /** A place was chosen: a drawer closes. */
  readonly onChosen?: () => void;
}

/** Where one can go. */
export const Sidebar = ({ onHide, onChosen = () => undefined }: SidebarProps): ReactElement => {
  const view = useTasks((state) => state.replica.view);
  const clock = useClock();
  const due = useMemo(() => countToday(view.values(), clock), [view, clock]);
  return (
    <nav className={styles.sidebar} aria-label={text.views}>
      <div className={styles.head}>
        <span className={styles.brand}>
          <Logo /> TaskFlow
        </span>
        <IconButton label={text.hideSidebar} shortcut="[" small onClick={onHide}>
          <PanelLeftClose size={18} aria-hidden />
        </IconButton>
      </div>
      <ul>
        {views.map(({ path, name, icon }) => (
          <Place key={path} path={path} name={name} icon={icon} onChosen={onChosen}>
            {path === "/today" && due > 0 && (
              <span className={styles.count}>
                <span aria-hidden>{due}</span>
                <span className="visually-hidden">{text.todayCount(due)}</span>
              </span>
            )}
          </Place>
        ))}
      </ul>
      <ul className={styles.reports}>
        {reports.map(({ path, name, icon }) => (
          <Place key={path} path={path} name={name} icon={icon} onChosen={onChosen} />
        ))}
      </ul>
      <ul className={styles.foot}>
        <Place path="/settings" name={text.settings} icon={<Settings size={18} aria-hidden />} onChosen={onChosen} />
      </ul>
    </nav>
  );
};

interface PlaceProps {
  readonly path: string;
  readonly name: string;
  readonly icon: ReactNode;
  readonly onChosen: () => void;
  readonly children?: ReactNode;
}

const Place = ({ path, name, icon, onChosen, children }: PlaceProps): ReactElement => {
  const isActive = useLocation()[0] === path;
  return (
    <li>
      <Link
        href={path}
        className={classNames(styles.link, isActive && styles.active)}
        aria-current={isActive ? "page" : undefined}
        onClick={onChosen}
      >
        {icon}
        <span className={styles.name}>{name}</span>
        {children}
      </Link>
    </li>
  );
};

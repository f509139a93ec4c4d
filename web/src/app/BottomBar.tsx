import { Plus, Search } from "lucide-react";
import type { ReactElement } from "react";
import { Link, useLocation } from "wouter";
import { classNames } from "../ui/class-names.ts";
import { keepClear } from "../ui/keep-clear.ts";
import { showOverlay } from "./address.ts";
import styles from "./BottomBar.module.css";
import { add } from "./commands.ts";
import { text } from "./messages.ts";
import { views } from "./views.tsx";

const viewAt = (path: string): ReactElement | null => {
  const view = views.find((each) => each.path === path);
  return view === undefined ? null : <Place key={path} {...view} />;
};

/** What a phone's user does most, in thumb's reach: the main views, adding, searching. */
export const BottomBar = (): ReactElement => (
  <nav ref={keepClear} className={styles.bar} aria-label={text.mainViews}>
    {viewAt("/all")}
    {viewAt("/today")}
    <button type="button" className={styles.add} aria-label={text.newTask} onClick={add}>
      <Plus size={26} aria-hidden />
    </button>
    {viewAt("/upcoming")}
    <button type="button" className={styles.place} aria-label={text.search} onClick={() => showOverlay("palette")}>
      <Search size={20} aria-hidden />
      <span>{text.searchShort}</span>
    </button>
  </nav>
);

const Place = ({ path, name, icon }: { path: string; name: string; icon: ReactElement }): ReactElement => {
  const isActive = useLocation()[0] === path;
  return (
    <Link
      href={path}
      className={classNames(styles.place, isActive && styles.active)}
      aria-current={isActive ? "page" : undefined}
    >
      {icon}
      <span>{name}</span>
    </Link>
  );
};

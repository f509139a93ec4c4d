import { Menu as MenuIcon, PanelLeftOpen, Search, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useEffect, type ReactElement, type ReactNode } from "react";
import { actAndTell } from "../tasks/undo-steps.ts";
import { panelId } from "../tasks/list-focus.ts";
import { useList } from "../tasks/list-state.ts";
import { text as taskText } from "../tasks/messages.ts";
import { useScopeQuestion } from "../tasks/repeat/scope-question.ts";
import { openTask, useOpenedTaskId } from "../tasks/open-task.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ErrorBoundary } from "../ui/ErrorBoundary.tsx";
import { Kbd } from "../ui/Kbd.tsx";
import { phone, useMedia } from "../ui/media.ts";
import { AccountMenu } from "./AccountMenu.tsx";
import { BottomBar } from "./BottomBar.tsx";
import { Bell, bellId } from "./Bell.tsx";
import { hideExplained, hideOverlay, showOverlay, useExplained, useOverlay } from "./address.ts";
import { useKeptFocus } from "./keep-focus.ts";
import { useKeptScroll } from "./keep-scroll.ts";
import { LivePill } from "./LivePill.tsx";
import { mainId } from "./main-id.ts";
import { text } from "./messages.ts";
import { notificationActions, openCentre } from "./notification-actions.ts";
import styles from "./Shell.module.css";
import { setDrawer, toggleSidebar, useSidebar } from "./sidebar-state.ts";
import { Sidebar } from "./Sidebar.tsx";
import { useAnnouncements } from "./use-announcements.ts";
import { useFocusOnPanel } from "./use-focus-on-panel.ts";
import { useKeys } from "./use-keys.ts";

const loadDetail = async () => ({ default: (await import("../tasks/DetailPanel.tsx")).DetailPanel });
const loadPickers = async () => ({ default: (await import("../tasks/TaskPickers.tsx")).TaskPickers });
const loadPalette = async () => ({ default: (await import("./Palette.tsx")).Palette });
const loadCentre = async () => ({
  default: (await import("../notifications/NotificationCentre.tsx")).NotificationCentre,
});
const DetailPanel = lazy(loadDetail);
const ScopeDialog = lazy(async () => ({ default: (await import("../tasks/repeat/ScopeDialog.tsx")).ScopeDialog }));
const TaskHistory = lazy(async () => ({ default: (await import("../history/TaskHistory.tsx")).TaskHistory }));
const TaskPickers = lazy(loadPickers);
const Palette = lazy(loadPalette);
const NotificationCentre = lazy(loadCentre);
const TraceDialog = lazy(async () => ({ default: (await import("../notifications/TraceDialog.tsx")).TraceDialog }));
const KeysSheet = lazy(async () => ({ default: (await import("./KeysSheet.tsx")).KeysSheet }));
const Drawer = lazy(async () => ({ default: (await import("../ui/Dialog.tsx")).Drawer }));

const loadAheadAfterMs = 1500;

/** What is one key away is loaded when the first view is there, so that it opens at once. */
const useLoadAhead = (): void => {
  useEffect(() => {
    const timer = setTimeout(
      () => void Promise.all([loadDetail(), loadPickers(), loadPalette(), loadCentre()]).catch(() => undefined),
      loadAheadAfterMs,
    );
    return () => clearTimeout(timer);
  }, []);
};

/** The frame around every view: where one can go, the view, and what lies beside and over it. */
export const Shell = ({ children }: { readonly children: ReactNode }): ReactElement => {
  useKeys();
  useKeptFocus();
  useKeptScroll();
  useAnnouncements();
  useLoadAhead();
  const isPhone = useMedia(phone);
  const isShown = useSidebar((state) => state.isShown);
  const openedId = useOpenedTaskId();
  // A detail that fills a phone's screen hides the list from everyone, not only from the eye.
  const isCovered = isPhone && openedId !== null;
  useFocusOnPanel(openedId);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href={`#${mainId}`}>
        {text.skip}
      </a>
      {!isPhone && isShown && (
        <div className={styles.side}>
          <Sidebar onHide={toggleSidebar} />
        </div>
      )}
      {isPhone && <SidebarDrawer />}
      <div className={styles.centre} inert={isCovered}>
        <header className={styles.bar}>
          <SidebarButton isPhone={isPhone} isShown={isShown} />
          {!isPhone && <SearchButton />}
          <LivePill />
          <Bell isOpen={useOverlay() === "notifications"} onOpen={openCentre} />
          <AccountMenu />
        </header>
        <main id={mainId} className={styles.main} tabIndex={-1}>
          {children}
        </main>
        {isPhone && <BottomBar />}
      </div>
      {openedId !== null && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- its keys act on the task, and it scrolls
        <aside id={panelId} className={styles.panel} aria-label={taskText.detail} tabIndex={0}>
          <ErrorBoundary of={openedId} renderFailure={(tryAgain) => <PanelFailure onTryAgain={tryAgain} />}>
            <Suspense>
              <DetailPanel
                id={openedId}
                history={<TaskHistory key={openedId} taskId={openedId} onAct={actAndTell} />}
              />
            </Suspense>
          </ErrorBoundary>
        </aside>
      )}
      <Overlays />
    </div>
  );
};

/** Nothing of the panel could be shown: the list beside it goes on. */
const PanelFailure = ({ onTryAgain }: { readonly onTryAgain: () => void }): ReactElement => (
  <EmptyState
    icon={<TriangleAlert size={26} aria-hidden />}
    title={taskText.taskFailed}
    action={
      <>
        <Button look="primary" onClick={() => openTask(null)}>
          {taskText.close}
        </Button>
        <Button onClick={onTryAgain}>{taskText.tryAgain}</Button>
      </>
    }
  >
    {text.failedText}
  </EmptyState>
);

const SearchButton = (): ReactElement => (
  <button type="button" className={styles.search} aria-label={text.search} onClick={() => showOverlay("palette")}>
    <Search size={16} aria-hidden />
    <span>{text.searchShort}</span>
    <Kbd keys="Ctrl k" />
  </button>
);

const SidebarButton = ({
  isPhone,
  isShown,
}: {
  readonly isPhone: boolean;
  readonly isShown: boolean;
}): ReactElement => {
  if (isPhone) {
    return (
      <IconButton label={text.menu} onClick={() => setDrawer(true)}>
        <MenuIcon size={20} aria-hidden />
      </IconButton>
    );
  }
  if (isShown) return <span />;
  return (
    <IconButton label={text.showSidebar} shortcut="[" onClick={toggleSidebar}>
      <PanelLeftOpen size={18} aria-hidden />
    </IconButton>
  );
};

const SidebarDrawer = (): ReactElement | null => {
  const isOpen = useSidebar((state) => state.isDrawerOpen);
  const close = (): void => setDrawer(false);
  if (!isOpen) return null;
  return (
    <Suspense>
      <Drawer label={text.views} open onClose={close}>
        <Sidebar onHide={close} onChosen={close} />
      </Drawer>
    </Suspense>
  );
};

const Overlays = (): ReactElement => {
  const overlay = useOverlay();
  const picker = useList((state) => state.picker);
  const explained = useExplained();
  const question = useScopeQuestion((state) => state.question);
  return (
    <Suspense>
      {overlay === "palette" && <Palette onClose={hideOverlay} />}
      {overlay === "keys" && <KeysSheet onClose={hideOverlay} />}
      {overlay === "notifications" && (
        <NotificationCentre anchorId={bellId} actions={notificationActions} onClose={hideOverlay} />
      )}
      {explained !== null && <TraceDialog key={explained} reminderId={explained} onClose={hideExplained} />}
      {question !== null && <ScopeDialog question={question} />}
      {picker !== null && (
        <ErrorBoundary of={picker} renderFailure={() => null}>
          <TaskPickers picker={picker} />
        </ErrorBoundary>
      )}
    </Suspense>
  );
};

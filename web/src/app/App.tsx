import { Compass } from "lucide-react";
import { lazy, Suspense, useEffect, type ReactElement } from "react";
import { Redirect, Route, Switch } from "wouter";
import { navigate } from "wouter/use-browser-location";
import { useUser } from "../api/session.ts";
import { startSync } from "../api/sync.ts";
import { useTasks } from "../api/tasks-store.ts";
import { useClock } from "../time/clock.ts";
import { addExamples, loadExamples } from "../tasks/examples.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { ToastRegion } from "../ui/Toasts.tsx";
import { TooltipRegion } from "../ui/Tooltip.tsx";
import { FailureScreen } from "./FailureScreen.tsx";
import { isFirstVisit, setFirstVisit } from "./first-visit.ts";
import { text } from "./messages.ts";
import { notificationActions } from "./notification-actions.ts";
import { Shell } from "./Shell.tsx";
import { reports, views } from "./views.tsx";

const LoginScreen = lazy(async () => ({ default: (await import("../account/LoginScreen.tsx")).LoginScreen }));
const RegisterScreen = lazy(async () => ({ default: (await import("../account/RegisterScreen.tsx")).RegisterScreen }));
const NotificationsScreen = lazy(async () => ({
  default: (await import("../notifications/NotificationsScreen.tsx")).NotificationsScreen,
}));
const PreferencesScreen = lazy(async () => ({
  default: (await import("../notifications/PreferencesScreen.tsx")).PreferencesScreen,
}));
const SettingsScreen = lazy(async () => ({ default: (await import("../account/SettingsScreen.tsx")).SettingsScreen }));

/** The whole app: signed out it is a form, signed in the views in their shell. */
export const App = (): ReactElement => {
  const userId = useUser()?.id ?? null;
  return (
    <FailureScreen>
      <ToastRegion>{userId === null ? <SignedOut /> : <SignedIn key={userId} userId={userId} />}</ToastRegion>
      <TooltipRegion />
    </FailureScreen>
  );
};

const SignedOut = (): ReactElement => (
  <Suspense>
    <Switch>
      <Route path="/register">
        <RegisterScreen onRegistered={() => setFirstVisit(true)} />
      </Route>
      <Route>
        <LoginScreen />
      </Route>
    </Switch>
  </Suspense>
);

const SignedIn = ({ userId }: { readonly userId: string }): ReactElement => {
  useSync(userId);
  useFirstVisit(userId);
  return (
    <Shell>
      <FailureScreen>
        <Suspense>
          <Switch>
            {[...views, ...reports].map(({ path, screen: Screen }) => (
              <Route key={path} path={path}>
                <Screen />
              </Route>
            ))}
            <Route path="/notifications">
              <NotificationsScreen actions={notificationActions} />
            </Route>
            <Route path="/settings/notifications">
              <PreferencesScreen />
            </Route>
            <Route path="/settings">
              <SettingsScreen />
            </Route>
            <Route path="/">
              <Redirect to="/today" replace />
            </Route>
            <Route path="/login">
              <Redirect to="/today" replace />
            </Route>
            <Route path="/register">
              <Redirect to="/today" replace />
            </Route>
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Suspense>
      </FailureScreen>
    </Shell>
  );
};

/** Keeps the user's tasks true on this device, as long as they are signed in. */
const useSync = (userId: string): void => {
  useEffect(() => {
    const stopping = startSync(userId);
    return () => void stopping.then((stop) => stop());
  }, [userId]);
};

const useFirstVisit = (userId: string): void => {
  const isReady = useTasks((state) => state.ready);
  const clock = useClock();
  useEffect(() => {
    if (!isReady) return;
    loadExamples(userId);
    if (!isFirstVisit()) return;
    setFirstVisit(false);
    addExamples(userId, clock);
  }, [isReady, userId, clock]);
};

const NotFound = (): ReactElement => (
  <EmptyState
    icon={<Compass size={26} aria-hidden />}
    title={text.notFound}
    isPage
    action={
      <Button look="primary" onClick={() => navigate("/today")}>
        {text.backToToday}
      </Button>
    }
  >
    {text.notFoundText}
  </EmptyState>
);

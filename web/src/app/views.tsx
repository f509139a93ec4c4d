import { CalendarRange, CheckCheck, Inbox, Repeat, Sun, Trash2 } from "lucide-react";
import { lazy, type ComponentType, type ReactElement } from "react";
import { AllScreen, CompletedScreen, TodayScreen, TrashScreen, UpcomingScreen } from "../tasks/screens.tsx";
import { text as taskText } from "../tasks/messages.ts";

export interface View {
  readonly path: string;
  readonly name: string;
  readonly icon: ReactElement;
  readonly keys: string;
  readonly screen: ComponentType;
}

const SeriesScreen = lazy(async () => ({ default: (await import("../tasks/repeat/SeriesScreen.tsx")).SeriesScreen }));

/** The views of the sidebar, in order. */
export const views: readonly View[] = [
  { path: "/today", name: taskText.today, icon: <Sun size={18} aria-hidden />, keys: "g t", screen: TodayScreen },
  { path: "/upcoming", name: taskText.upcoming, icon: <CalendarRange size={18} aria-hidden />, keys: "g u", screen: UpcomingScreen },
  { path: "/all", name: taskText.all, icon: <Inbox size={18} aria-hidden />, keys: "g a", screen: AllScreen },
  { path: "/series", name: taskText.series, icon: <Repeat size={18} aria-hidden />, keys: "g s", screen: SeriesScreen },
  { path: "/completed", name: taskText.completed, icon: <CheckCheck size={18} aria-hidden />, keys: "g d", screen: CompletedScreen },
  { path: "/trash", name: taskText.trash, icon: <Trash2 size={18} aria-hidden />, keys: "g x", screen: TrashScreen },
];

import { Activity, CalendarRange, ChartColumn, CheckCheck, Inbox, Repeat, Sun, Trash2 } from "lucide-react";
import { lazy, type ComponentType, type ReactElement } from "react";
import { AllScreen, CompletedScreen, TodayScreen, TrashScreen, UpcomingScreen } from "../tasks/screens.tsx";
import { text as taskText } from "../tasks/messages.ts";
import { withPast } from "./as-it-was.tsx";
import { text } from "./messages.ts";

export interface View {
  readonly path: string;
  readonly name: string;
  readonly icon: ReactElement;
  readonly keys: string;
  readonly screen: ComponentType;
}

const SeriesScreen = lazy(async () => ({ default: (await import("../tasks/repeat/SeriesScreen.tsx")).SeriesScreen }));
const ActivityScreen = lazy(async () => ({ default: (await import("../history/ActivityScreen.tsx")).ActivityScreen }));
const StatisticsScreen = lazy(async () => ({
  default: (await import("../history/statistics/StatisticsScreen.tsx")).StatisticsScreen,
}));

/** The views of the sidebar, in order. */
export const views: readonly View[] = [
  {
    path: "/today",
    name: taskText.today,
    icon: <Sun size={18} aria-hidden />,
    keys: "g t",
    screen: withPast({ list: "today", name: taskText.today, screen: TodayScreen }),
  },
  {
    path: "/upcoming",
    name: taskText.upcoming,
    icon: <CalendarRange size={18} aria-hidden />,
    keys: "g u",
    screen: UpcomingScreen,
  },
  {
    path: "/all",
    name: taskText.all,
    icon: <Inbox size={18} aria-hidden />,
    keys: "g a",
    screen: withPast({ list: "all", name: taskText.all, screen: AllScreen }),
  },
  { path: "/series", name: taskText.series, icon: <Repeat size={18} aria-hidden />, keys: "g s", screen: SeriesScreen },
  {
    path: "/completed",
    name: taskText.completed,
    icon: <CheckCheck size={18} aria-hidden />,
    keys: "g d",
    screen: CompletedScreen,
  },
  { path: "/trash", name: taskText.trash, icon: <Trash2 size={18} aria-hidden />, keys: "g x", screen: TrashScreen },
];

/** What can be looked back on, below the views. */
export const reports: readonly View[] = [
  {
    path: "/activity",
    name: text.activity,
    icon: <Activity size={18} aria-hidden />,
    keys: "g h",
    screen: ActivityScreen,
  },
  {
    path: "/statistics",
    name: text.statistics,
    icon: <ChartColumn size={18} aria-hidden />,
    keys: "g i",
    screen: StatisticsScreen,
  },
];

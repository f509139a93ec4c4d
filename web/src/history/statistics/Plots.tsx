import type { ReactElement } from "react";
import {
  Bar,
  BarChart,
  CartesianGrid,
  Legend,
  Rectangle,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
  type BarShapeProps,
  type TooltipContentProps,
} from "recharts";
import { locale } from "../../ui/messages.ts";
import { formatDay } from "../../time/due-words.ts";
import { text } from "../messages.ts";
import styles from "./Plots.module.css";
import { punctualities, type DayCount, type PriorityCount, type WeekCount } from "./statistics.ts";

const axis = { tick: { fill: "var(--muted)", fontSize: 12 }, axisLine: false, tickLine: false } as const;
const margin = { top: 8, right: 4, bottom: 0, left: -28 };
const height = 200;
const colour = {
  count: "var(--accent)",
  onTime: "var(--accent)",
  late: "var(--warn)",
  undated: "var(--line-strong)",
  high: "var(--danger)",
  medium: "var(--accent)",
  low: "var(--line-strong)",
} as const;

const shortDay = (day: string): string => formatDay(day, locale, { day: "numeric", month: "short" });
const longDay = (day: string): string =>
  formatDay(day, locale, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** How many were completed on each day. */
export const DayPlot = ({ counts }: { readonly counts: readonly DayCount[] }): ReactElement => (
  <ResponsiveContainer width="100%" height={height}>
    <BarChart data={counts} margin={margin} accessibilityLayer={false}>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis dataKey="day" tickFormatter={shortDay} minTickGap={32} {...axis} />
      <YAxis allowDecimals={false} {...axis} />
      <Tooltip isAnimationActive={false} cursor={{ fill: "var(--surface-active)" }} content={dayTip} />
      <Bar
        dataKey="count"
        name={text.completed}
        fill={colour.count}
        radius={[2, 2, 0, 0]}
        maxBarSize={24}
        isAnimationActive={false}
      />
    </BarChart>
  </ResponsiveContainer>
);

/** How many of each week were on time, late, or without a date. */
export const WeekPlot = ({ counts }: { readonly counts: readonly WeekCount[] }): ReactElement => (
  <ResponsiveContainer width="100%" height={height + 28}>
    <BarChart data={counts} margin={margin} accessibilityLayer={false}>
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis dataKey="week" tickFormatter={shortDay} minTickGap={32} {...axis} />
      <YAxis allowDecimals={false} {...axis} />
      <Tooltip isAnimationActive={false} cursor={{ fill: "var(--surface-active)" }} content={weekTip} />
      <Legend itemSorter={null} iconType="circle" iconSize={8} formatter={legendName} />
      {punctualities.map((each) => (
        <Bar
          key={each}
          dataKey={each}
          name={text[each]}
          stackId="week"
          fill={colour[each]}
          maxBarSize={36}
          isAnimationActive={false}
        />
      ))}
    </BarChart>
  </ResponsiveContainer>
);

/** How many of each priority, the highest first. */
export const PriorityPlot = ({ counts }: { readonly counts: readonly PriorityCount[] }): ReactElement => (
  <ResponsiveContainer width="100%" height={140}>
    <BarChart data={counts} layout="vertical" margin={{ ...margin, left: 0, right: 24 }} accessibilityLayer={false}>
      <XAxis type="number" allowDecimals={false} hide />
      <YAxis type="category" dataKey="priority" width={64} tickFormatter={nameOf} {...axis} />
      <Tooltip isAnimationActive={false} cursor={{ fill: "var(--surface-active)" }} content={priorityTip} />
      <Bar
        dataKey="count"
        name={text.completed}
        shape={PriorityBar}
        label={{ position: "right", fill: "var(--muted)", fontSize: 12 }}
        maxBarSize={20}
        isAnimationActive={false}
      />
    </BarChart>
  </ResponsiveContainer>
);

const nameOf = (priority: string): string =>
  priority === "high" || priority === "medium" || priority === "low" ? text[priority] : priority;

const PriorityBar = (props: BarShapeProps): ReactElement => {
  const { priority } = props.payload as PriorityCount;
  return <Rectangle {...props} fill={colour[priority]} radius={[0, 2, 2, 0]} />;
};

type Pointed = Pick<TooltipContentProps, "active" | "payload" | "label">;

interface TipProps extends Pointed {
  readonly title: (label: string) => string;
}

/** The numbers of what is pointed at. */
const Tip = ({ active, payload, label, title }: TipProps): ReactElement | null => {
  if (!active || payload.length === 0) return null;
  return (
    <div className={styles.tip}>
      <strong>{title(String(label))}</strong>
      {payload.map(({ name, value }) => (
        <span key={String(name)}>
          {String(name)}: {String(value)}
        </span>
      ))}
    </div>
  );
};

const dayTip = (pointed: Pointed): ReactElement => <Tip {...pointed} title={longDay} />;
const weekTip = (pointed: Pointed): ReactElement => <Tip {...pointed} title={(week) => text.weekOf(longDay(week))} />;
const priorityTip = (pointed: Pointed): ReactElement => <Tip {...pointed} title={nameOf} />;
const legendName = (name: string): ReactElement => <span className={styles.legend}>{name}</span>;

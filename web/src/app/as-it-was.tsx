import { History } from "lucide-react";
import { lazy, type ComponentType, type ReactElement, type ReactNode } from "react";
import { useSearchParams } from "wouter";
import { navigate } from "wouter/use-browser-location";
import { addressWith } from "../ui/address.ts";
import { IconButton } from "../ui/Button.tsx";
import { text } from "./messages.ts";

const PastScreen = lazy(async () => ({ default: (await import("../history/past/PastScreen.tsx")).PastScreen }));

const parameter = "as_of";
const dayMs = 24 * 3600 * 1000;
const lists = ["/today", "/all"];

/** Shows the list as it was a day ago; from there one goes on. Where no list has a past, it is that of all tasks. */
export const showAsItWas = (): void => {
  const moment = new Date(Date.now() - dayMs).toISOString();
  navigate(
    lists.includes(location.pathname)
      ? addressWith(parameter, moment)
      : `/all?${new URLSearchParams({ [parameter]: moment })}`,
  );
};

interface WithPast {
  readonly list: "today" | "all";
  readonly name: string;
  readonly screen: ComponentType<{ readonly action?: ReactNode }>;
}

/** A list that can be seen as it was: the address says at which moment. */
export const withPast = ({ list, name, screen: Screen }: WithPast): ComponentType => {
  const Travelled = (): ReactElement =>
    useSearchParams()[0].has(parameter) ? <PastScreen list={list} name={name} /> : <Screen action={<AsItWas />} />;
  return Travelled;
};

const AsItWas = (): ReactElement => (
  <IconButton label={text.asItWas} onClick={showAsItWas}>
    <History size={18} aria-hidden />
  </IconButton>
);

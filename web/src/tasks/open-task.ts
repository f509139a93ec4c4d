import { useSearchParams } from "wouter";
import { navigate } from "wouter/use-browser-location";

const parameter = "task";
const tabParameter = "tab";

/** The faces of a task's detail. */
export type DetailTab = "detail" | "history";

/** The address of a task's detail, over the view that is open. */
export const openAddress = (id: string | null): string => {
  const parameters = new URLSearchParams(location.search);
  if (id !== null) parameters.set(parameter, id);
  else for (const name of [parameter, tabParameter]) parameters.delete(name);
  const query = parameters.toString();
  return query === "" ? location.pathname : `${location.pathname}?${query}`;
};

export const openTask = (id: string | null): void => navigate(openAddress(id));

/** Shows another task in place of the open one: going back should not show that again. */
export const replaceOpenTask = (id: string): void => navigate(openAddress(id), { replace: true });

/** The task whose detail is open. */
export const openedTaskId = (): string | null => new URLSearchParams(location.search).get(parameter);

export const useOpenedTaskId = (): string | null => useSearchParams()[0].get(parameter);

export const useDetailTab = (): DetailTab =>
  useSearchParams()[0].get(tabParameter) === "history" ? "history" : "detail";

/** Turns the open detail; going back leaves the task, not the tab. */
export const chooseDetailTab = (tab: DetailTab): void => {
  const parameters = new URLSearchParams(location.search);
  if (tab === "detail") parameters.delete(tabParameter);
  else parameters.set(tabParameter, tab);
  navigate(`${location.pathname}?${parameters}`, { replace: true });
};

/** Opens a task with its history. */
export const openHistory = (id: string): void => {
  const parameters = new URLSearchParams(location.search);
  parameters.set(parameter, id);
  parameters.set(tabParameter, "history");
  navigate(`${location.pathname}?${parameters}`);
};

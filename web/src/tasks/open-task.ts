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

/** The address of the view as it is chosen, without what lies over or beside it: opening something does not change it. */
const viewAddress = (search: string): string => {
  const parameters = new URLSearchParams(search);
  for (const name of [parameter, tabParameter, "show", "why"]) parameters.delete(name);
  return parameters.toString();
};

/** The same for rows: it changes, and has them drawn anew, only when the view does. */
export const useViewAddress = (): string => viewAddress(`?${useSearchParams()[0].toString()}`);

/** The address of a task's detail over a view. */
export const addressOver = (view: string, id: string): string =>
  `${location.pathname}?${view === "" ? "" : `${view}&`}${parameter}=${id}`;

export const openTask = (id: string | null): void => navigate(openAddress(id));

/**
 * Shows another task in place of the open one: going back should not show that again, and the focus stays where it is.
 */
export const replaceOpenTask = (id: string): void =>
  navigate(openAddress(id), { replace: true, state: { keepsFocus: true } });

/** Whether the panel that is open now was to take the focus. */
export const takesFocus = (): boolean => (history.state as { keepsFocus?: boolean } | null)?.keepsFocus !== true;

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

import { useSearchParams } from "wouter";
import { navigate } from "wouter/use-browser-location";

const parameter = "task";

/** The address of a task's detail, over the view that is open. */
export const openAddress = (id: string | null): string => {
  const parameters = new URLSearchParams(location.search);
  if (id === null) parameters.delete(parameter);
  else parameters.set(parameter, id);
  const query = parameters.toString();
  return query === "" ? location.pathname : `${location.pathname}?${query}`;
};

export const openTask = (id: string | null): void => navigate(openAddress(id));

/** Shows another task in place of the open one: going back should not show that again. */
export const replaceOpenTask = (id: string): void => navigate(openAddress(id), { replace: true });

/** The task whose detail is open. */
export const openedTaskId = (): string | null => new URLSearchParams(location.search).get(parameter);

export const useOpenedTaskId = (): string | null => useSearchParams()[0].get(parameter);

import { create } from "zustand";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** Also read by `theme.js` before the first paint. */
const storageKey = "taskflow.theme";

const stored = (): Theme => themes.find((theme) => theme === localStorage.getItem(storageKey)) ?? "system";

export const useTheme = create<{ theme: Theme }>(() => ({ theme: stored() }));

export const chooseTheme = (theme: Theme): void => {
  localStorage.setItem(storageKey, theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  useTheme.setState({ theme });
};

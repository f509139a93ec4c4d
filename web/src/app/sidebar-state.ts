import { create } from "zustand";

const storageKey = "taskflow.sidebar";

interface SidebarState {
  /** Beside the list, where there is room. */
  readonly isShown: boolean;
  /** Over the list, on a phone. */
  readonly isDrawerOpen: boolean;
}

export const useSidebar = create<SidebarState>(() => ({
  isShown: localStorage.getItem(storageKey) !== "hidden",
  isDrawerOpen: false,
}));

export const toggleSidebar = (): void => {
  const isShown = !useSidebar.getState().isShown;
  localStorage.setItem(storageKey, isShown ? "shown" : "hidden");
  useSidebar.setState({ isShown });
};

export const setDrawer = (isDrawerOpen: boolean): void => useSidebar.setState({ isDrawerOpen });

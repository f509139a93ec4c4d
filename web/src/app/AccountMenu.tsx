import { CircleUserRound, Keyboard, LogOut, Settings } from "lucide-react";
import type { ReactElement } from "react";
import { navigate } from "wouter/use-browser-location";
import { waitingCount } from "../api/replica.ts";
import { logout, useUser } from "../api/session.ts";
import { useTasks } from "../api/tasks-store.ts";
import { IconButton } from "../ui/Button.tsx";
import { choicesPart, Menu, type MenuPart } from "../ui/Menu.tsx";
import { chooseTheme, themes, useTheme } from "../ui/theme.ts";
import { showOverlay } from "./address.ts";
import { text } from "./messages.ts";

/** Who is signed in, and what concerns them rather than their tasks. */
export const AccountMenu = (): ReactElement => {
  const user = useUser();
  const theme = useTheme((state) => state.theme);
  const parts: MenuPart[] = [
    {
      kind: "item",
      label: text.settings,
      icon: <Settings size={16} aria-hidden />,
      shortcut: "g ,",
      run: () => navigate("/settings"),
    },
    {
      kind: "item",
      label: text.keys,
      icon: <Keyboard size={16} aria-hidden />,
      shortcut: "?",
      run: () => showOverlay("keys"),
    },
    { ...choicesPart(text.theme, theme, themeChoices, chooseTheme), isApart: true },
    {
      kind: "item",
      label: text.signOut,
      icon: <LogOut size={16} aria-hidden />,
      isApart: true,
      run: () => void signOut(),
    },
  ];
  return (
    <Menu
      label={text.account}
      parts={parts}
      trigger={
        <IconButton label={text.account} hint={user?.email ?? text.account}>
          <CircleUserRound size={20} aria-hidden />
        </IconButton>
      }
    />
  );
};

const themeChoices = themes.map((value) => ({ value, label: text[value] }));

/** Signed out here even when the server cannot be told. */
const signOut = async (): Promise<void> => {
  navigate("/login");
  await logout(waitingCount(useTasks.getState().replica) > 0).catch(() => undefined);
};

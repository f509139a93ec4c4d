import { CircleUserRound, Keyboard, LogOut, Settings } from "lucide-react";
import type { ReactElement } from "react";
import { navigate } from "wouter/use-browser-location";
import { logout, useUser } from "../api/session.ts";
import { IconButton } from "../ui/Button.tsx";
import { Menu, MenuChoices, MenuItem, MenuSeparator } from "../ui/Menu.tsx";
import { chooseTheme, themes, useTheme } from "../ui/theme.ts";
import { showOverlay } from "./address.ts";
import { text } from "./messages.ts";

/** Who is signed in, and what concerns them rather than their tasks. */
export const AccountMenu = (): ReactElement => {
  const user = useUser();
  const theme = useTheme((state) => state.theme);
  return (
    <Menu
      trigger={
        <IconButton label={text.account} hint={user?.email ?? text.account}>
          <CircleUserRound size={20} aria-hidden />
        </IconButton>
      }
    >
      <MenuItem icon={<Settings size={16} aria-hidden />} shortcut="g ," onClick={() => navigate("/settings")}>
        {text.settings}
      </MenuItem>
      <MenuItem icon={<Keyboard size={16} aria-hidden />} shortcut="?" onClick={() => showOverlay("keys")}>
        {text.keys}
      </MenuItem>
      <MenuSeparator />
      <MenuChoices heading={text.theme} value={theme} choices={themes.map((value) => ({ value, label: text[value] }))} onChoose={chooseTheme} />
      <MenuSeparator />
      <MenuItem icon={<LogOut size={16} aria-hidden />} onClick={() => void signOut()}>
        {text.signOut}
      </MenuItem>
    </Menu>
  );
};

/** Signed out here even when the server cannot be told. */
const signOut = async (): Promise<void> => {
  navigate("/login");
  await logout().catch(() => undefined);
};

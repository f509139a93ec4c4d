import { settings, type Setting } from "../settings.ts";
import type { Command } from "./command.ts";

/** The usage, the commands and the whole table of settings. */
export function helpText(commands: Readonly<Record<string, Command>>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const list = Object.entries(commands).map(([name, { help }]) => `  ${name.padEnd(width)}  ${help}`);
  return [
    "TaskFlow: tasks that are never lost, live on every screen.",
    "",
    "  npm start -- [command] [options]",
    "",
    "Commands",
    ...list,
    "",
    "Options",
    "  --env-file FILE  Settings as NAME=value lines; the environment goes before them.",
    "  --help           This text.",
    "  --version        The version.",
    "",
    "Settings are environment variables. One marked (secret) may also be given as NAME_FILE, the name of a file that holds it.",
    ...groupTexts(Object.values(settings)),
    "",
  ].join("\n");
}

function groupTexts(table: readonly Setting<unknown>[]): string[] {
  const groups = [...new Set(table.map(({ group }) => group))];
  return groups.flatMap((group) => [
    "",
    group,
    ...table.filter((setting) => setting.group === group).flatMap(settingLines),
  ]);
}

function settingLines({ name, type, default: value, help, secret }: Setting<unknown>): string[] {
  const facts = `${type.label}${value === undefined ? "" : `, default ${value}`}${secret ? " (secret)" : ""}`;
  return [`  ${name}  ${facts}`, `      ${help}`];
}

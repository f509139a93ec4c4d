import { linkOf } from "../chain.ts";
import { hasWords, metadataOfRow, rowOfLine, type StoredRow } from "../archive/archived-row.ts";
import { type ContentKeys, createContentKeys } from "../archive/content-keys.ts";
import { checkArchive, fileOf, readManifest } from "../archive/manifest.ts";
import { readErased } from "../erasure.ts";
import type { VerifyDeps } from "./verify-chains.ts";

export interface ArchiveBreak {
  readonly archive: string;
  readonly reason: string;
}

export interface ArchivesReport {
  readonly archives: number;
  readonly rows: number;
  /** How many of them have no words any more. */
  readonly erased: number;
  readonly breaks: readonly ArchiveBreak[];
}

/**
 * Proves every archive: that it is what was written (by its signed manifest), and that its rows are the links the
 * chains go on from. Words that cannot be read any more were erased, which is recorded.
 */
export const verifyArchives = async (deps: VerifyDeps): Promise<ArchivesReport> => {
  const archives = await deps.database.kysely
    .selectFrom("audit_archives")
    .select(["name", "rows"])
    .where("restored_until", "is", null)
    .orderBy("name")
    .execute();
  const breaks: ArchiveBreak[] = [];
  const words = await knownWords(deps);
  let [rows, erased] = [0, 0];
  for (const archive of archives) {
    const found = await verifyArchive(deps, words, archive);
    if (typeof found === "string") breaks.push({ archive: archive.name, reason: found });
    else [rows, erased] = [rows + archive.rows, erased + found.erased];
  }
  return { archives: archives.length, rows, erased, breaks };
};

/** What decides whether a row may be without words. */
interface Words {
  readonly keys: ContentKeys;
  isErased(userId: string): Promise<boolean>;
}

/** Who is erased meanwhile is asked for by name. */
const knownWords = async (deps: VerifyDeps): Promise<Words> => {
  const erased = await readErased(deps);
  return {
    keys: createContentKeys(deps.database),
    isErased: async (userId) => erased.has(userId) || (await readErased(deps, userId)).has(userId),
  };
};

/** What is wrong, in words, or how many rows were erased. */
type Found = string | { readonly erased: number };

const verifyArchive = async (
  deps: VerifyDeps,
  words: Words,
  { name, rows }: { name: string; rows: number },
): Promise<Found> => {
  const manifest = await readManifest(deps.store, deps.signer, name);
  if ("wrong" in manifest) return manifest.wrong;
  if (manifest.rows !== rows) return `its manifest says ${manifest.rows} rows, the database ${rows}`;
  return (await checkArchive(deps.store, manifest)) ?? verifyLines(deps, words, name);
};

interface Run {
  readonly user_id: string;
  readonly first_sequence: number;
  readonly last_sequence: number;
  readonly previous_hash: Buffer;
  readonly last_hash: Buffer;
}

/** Lines and stretches come in the same order, by user and sequence. */
const verifyLines = async (deps: VerifyDeps, { keys, isErased }: Words, name: string): Promise<Found> => {
  const runs = readRuns(deps, name);
  let [run, hash, erased]: [Run | undefined, Buffer, number] = [undefined, Buffer.alloc(0), 0];
  for await (const line of deps.store.read(fileOf(name))) {
    const row = await rowOfLine(line, keys);
    if (!hasWords(row)) {
      if (!(await isErased(row.user_id)))
        return `the words of row ${nameOf(row)} cannot be read, and nobody erased them`;
      erased += 1;
    }
    if (run === undefined) {
      run = (await runs.next()).value ?? undefined;
      if (run === undefined || run.user_id !== row.user_id || run.first_sequence !== row.sequence)
        return `row ${nameOf(row)} is in no stretch that the database knows`;
      hash = run.previous_hash;
    }
    hash = linkOf(hash, metadataOfRow(row));
    if (!hash.equals(row.hash)) return `row ${nameOf(row)} is not as it was written`;
    if (row.sequence < run.last_sequence) continue;
    if (!hash.equals(run.last_hash)) return `the database knows another hash of row ${nameOf(row)}`;
    run = undefined;
  }
  return run === undefined && (await runs.next()).done === true ? { erased } : "it ends too early";
};

const nameOf = ({ user_id, sequence }: StoredRow): string => `${sequence} of user ${user_id}`;

const PAGE = 5_000;

async function* readRuns({ database }: VerifyDeps, name: string): AsyncGenerator<Run, undefined> {
  let [user, first] = ["00000000-0000-0000-0000-000000000000", 0];
  for (;;) {
    const runs = await database.prepared<Run & Record<string, unknown>>(
      "audit-runs",
      "SELECT * FROM audit_archived_runs WHERE archive = $1 AND (user_id, first_sequence) > ($2::uuid, $3::bigint) ORDER BY user_id, first_sequence LIMIT $4",
      [name, user, first, PAGE],
    );
    yield* runs;
    const last = runs.at(-1);
    if (last === undefined || runs.length < PAGE) return undefined;
    [user, first] = [last.user_id, last.first_sequence];
  }
}

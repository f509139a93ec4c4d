import { canonicalJson } from "../../../domain/audit/canonical-json.ts";
import type { LineStore } from "../../../ports.ts";
import { equal, type HeadSigner } from "../chain.ts";
import type { Month } from "../partitions.ts";

/** What an archive holds; it lies beside the archive as one line of JSON. */
export interface Manifest {
  readonly format: 2;
  /** Of the archive, without the endings of its files. */
  readonly name: string;
  readonly month: Month;
  readonly rows: number;
  readonly bytes: number;
  /** Of the compressed file, hex. */
  readonly sha256: string;
}

export const fileOf = (name: string): string => `${name}.ndjson.gz`;
const manifestOf = (name: string): string => `${name}.manifest.json`;

/** The n-th archive of a month: an entry that comes after its month was archived begins another one. */
export const archiveName = (month: Month, number: number): string => `task-events-${month}.${number}`;

const PURPOSE = "taskflow audit archive v1";

export const writeManifest = async (store: LineStore, signer: HeadSigner, manifest: Manifest): Promise<void> => {
  const signature = signer.signText(PURPOSE, canonicalJson(manifest)).toString("hex");
  await store.write(manifestOf(manifest.name), [canonicalJson({ ...manifest, signature })]);
};

/** The manifest of an archive, or in words why it cannot be believed. */
export const readManifest = async (
  store: LineStore,
  signer: HeadSigner,
  name: string,
): Promise<Manifest | { readonly wrong: string }> => {
  for await (const line of store.read(manifestOf(name))) {
    const { signature, ...manifest } = JSON.parse(line) as Manifest & { signature: string };
    const expected = signer.signText(PURPOSE, canonicalJson(manifest));
    return equal(expected, Buffer.from(signature, "hex"))
      ? manifest
      : { wrong: "its manifest is not signed with this installation's key" };
  }
  return { wrong: "its manifest is not there" };
};

/** Why an archive's file is not what its manifest says, in words; undefined when it is. */
export const checkArchive = async (store: LineStore, manifest: Manifest): Promise<string | undefined> => {
  const sha256 = await store.checksum(fileOf(manifest.name));
  if (sha256 === undefined) return "its file is not there";
  return sha256 === manifest.sha256 ? undefined : "its file is not what its manifest says";
};

export const removeArchive = async (store: LineStore, name: string): Promise<void> => {
  await store.remove(fileOf(name));
  await store.remove(manifestOf(name));
};

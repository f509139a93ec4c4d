import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/**
 * Tells the service worker which files make up the shell beside its page: all that was built, and the public files it
 * needs.
 */
const precacheList = (publicFiles: readonly string[]): Plugin => ({
  name: "precache-list",
  apply: "build",
  generateBundle(_options, bundle) {
    const worker = bundle["sw.js"];
    if (worker?.type !== "chunk") throw new Error("sw.js is not part of the build");
    const built = Object.keys(bundle).filter((file) => file.startsWith("assets/") && isNeededOffline(file));
    const files = [...publicFiles, ...built.map((file) => `/${file}`)].toSorted();
    worker.code = worker.code.replace(/["'`]__PRECACHE__["'`]/, JSON.stringify(JSON.stringify(files)));
  },
});

/** Of the font's subsets the Latin ones are enough for the shell; others are kept when first used. */
const isNeededOffline = (file: string): boolean =>
  !file.endsWith(".woff2") || /inter-latin(-ext)?-wght-normal/.test(file);

const compressible = /\.(?:js|css|html|svg)$/;

/** Compresses once, at the build, what would otherwise be compressed for every visitor. */
const precompressed = (): Plugin => ({
  name: "precompressed",
  apply: "build",
  async writeBundle({ dir = "dist" }, bundle) {
    const files = Object.keys(bundle).filter((file) => compressible.test(file));
    await Promise.all(files.map(async (file) => compress(join(dir, file))));
  },
});

const compress = async (path: string): Promise<void> => {
  const content = await readFile(path);
  await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }));
  await writeFile(`${path}.br`, brotliCompressSync(content));
};

export default defineConfig({
  plugins: [react(), precacheList(["/manifest.webmanifest", "/theme.js", "/icon.svg"]), precompressed()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { main: "index.html", sw: "worker/sw.ts" },
      output: { entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
});

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Tells the service worker which files make up the shell beside its page: all that was built, and the public files it needs. */
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
const isNeededOffline = (file: string): boolean => !file.endsWith(".woff2") || /inter-latin(-ext)?-wght-normal/.test(file);

export default defineConfig({
  plugins: [react(), precacheList(["/manifest.webmanifest", "/theme.js", "/icon.svg"])],
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

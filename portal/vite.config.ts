import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const SERVER = "http://127.0.0.1:8000";

// Built into api/portal, where the server finds it; the folder is not committed.
export default defineConfig({
  plugins: [react(), gzipped()],
  build: {
    outDir: "../api/portal",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // no data: addresses where the policy need not allow them
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    manifest: true,
  },
  server: { proxy: { "/graphql": SERVER, "/import/": SERVER, "/template": SERVER, "/static": SERVER } },
  test: { include: ["src/**/*.test.{ts,tsx}"], setupFiles: ["vitest.setup.ts"] },
});

/** Beside each file that is worth it the same one gzipped, so that the server need not do it for
 * each reader. */
function gzipped(): Plugin {
  return {
    name: "gzipped",
    apply: "build",
    writeBundle({ dir = "" }, bundle) {
      for (const name of Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name))) {
        const file = join(dir, name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
      }
    },
  };
}

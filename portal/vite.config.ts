import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const SERVER = "http://127.0.0.1:8000";

// Built into api/portal, where the server finds it; the folder is not committed.
export default defineConfig({
  plugins: [react()],
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

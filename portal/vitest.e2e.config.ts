import { defineConfig } from "vitest/config";

// Journeys in a real browser over a running server: tests/portal starts both.
export default defineConfig({
  test: {
    include: ["e2e/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    reporters: ["verbose"],
  },
});

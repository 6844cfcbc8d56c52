import { defineConfig } from "vitest/config";

// Journeys in a real browser over a running server: tests/portal starts both.
export default defineConfig({
  test: {
    include: [process.env.MULU_FIGURES ? "e2e/**/*.{test,figures}.ts" : "e2e/**/*.test.ts"], // figures: for `make bench`
    fileParallelism: false,
    retry: 1, // a busy machine may lose a click; what is broken fails twice
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 90_000, interval: 100 } },
    reporters: ["verbose"],
  },
});

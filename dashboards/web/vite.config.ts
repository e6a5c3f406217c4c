import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Everything is emitted as a file of its own: the pages forbid inline scripts, styles and fonts. */
export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { "@": here("src"), "@glossary": here("../../gridward/glossary.json") } },
  server: { fs: { allow: [here(".."), here("../../gridward")] }, proxy: { "/api": "http://127.0.0.1:8320" } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1300,
    // Not every server knows that .mjs is a script, and a browser runs a worker only under a script's type.
    rolldownOptions: { output: { assetFileNames: ({ names }) => (names[0]?.endsWith(".mjs") ? "assets/[name]-[hash].js" : "assets/[name]-[hash][extname]") } },
  },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { emojiNames } from "./plugins/emoji_names.ts";
import { licences } from "./plugins/licences.ts";

// The output is committed and embedded into the binary: stable names, no source maps, no hashes.
export default defineConfig({
  base: "./",
  // The library brings an emoji table of its own, 250 kB: ours is Slack's.
  resolve: { alias: { "node-emoji": `${import.meta.dirname}/src/emoji.ts` } },
  plugins: [react(), emojiNames(), licences()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    chunkSizeWarningLimit: 1000,
    rollupOptions: {
      output: {
        entryFileNames: "page.js",
        chunkFileNames: "[name].js",
        assetFileNames: ({ names }) => (names[0] === "index.css" ? "page.css" : "[name][extname]"),
      },
    },
  },
});

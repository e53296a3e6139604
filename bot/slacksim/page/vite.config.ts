import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { emojiNames } from "./plugins/emoji_names.ts";
import { licences } from "./plugins/licences.ts";

// The output is committed and embedded into the binary: stable names, no source maps, no hashes.
export default defineConfig({
  base: "./",
  plugins: [react(), emojiNames(), licences()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      output: {
        entryFileNames: "page.js",
        assetFileNames: ({ names }) => (names[0] === "index.css" ? "page.css" : "[name][extname]"),
      },
    },
  },
});

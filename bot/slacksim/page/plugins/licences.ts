import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

type Package = { name: string; version: string; license?: string };

/** Writes dist/LICENSES.txt: the licence text of every package that ended in the bundle. */
export function licences(): Plugin {
  return {
    name: "licences",
    apply: "build",
    generateBundle(_options, bundle) {
      const folders = new Set([join(import.meta.dirname, "../node_modules/@emoji-mart/data")]);
      for (const part of Object.values(bundle)) {
        if (part.type !== "chunk") continue;
        for (const id of Object.keys(part.modules)) {
          const folder = packageFolder(id.replace(/^\0/, "").replace(/\?.*$/, ""));
          if (folder) folders.add(folder);
        }
      }
      const namesByText = new Map<string, string[]>();
      for (const { name, text } of [...folders].map(describe)) namesByText.set(text, [...(namesByText.get(text) ?? []), name]);
      const entries = [...namesByText].map(([text, names]) => `${names.sort().join("\n")}\n\n${text}\n`);
      this.emitFile({ type: "asset", fileName: "LICENSES.txt", source: heading + entries.sort().join(line) });
    },
  };
}

const line = `${"-".repeat(78)}\n`;
const heading = `The page in this folder contains code or data of these packages.\n\n${line}`;

function packageFolder(file: string): string | undefined {
  if (!file.includes("node_modules")) return undefined;
  for (let folder = dirname(file); folder.includes("node_modules"); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, "utf8")) as Package).name) return folder;
  }
  return undefined;
}

function describe(folder: string): { name: string; text: string } {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Package;
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? readFileSync(join(folder, file), "utf8").trim().replace(/\r/g, "") : "(no licence file in the package)";
  return { name: `${manifest.name} ${manifest.version} (${manifest.license ?? "see below"})`, text };
}

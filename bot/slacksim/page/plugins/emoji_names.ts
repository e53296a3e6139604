import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const virtualModule = "virtual:emoji-names";

type EmojiSet = {
  aliases: Record<string, string>;
  emojis: Record<string, { skins: { native: string }[] }>;
};

/** Turns the emoji set (Slack's short names) into one small module: a string "name=character" a line. */
export function emojiNames(): Plugin {
  return {
    name: "emoji-names",
    resolveId: (id) => (id === virtualModule ? "\0" + virtualModule : undefined),
    load(id) {
      if (id !== "\0" + virtualModule) return undefined;
      const path = createRequire(import.meta.url).resolve("@emoji-mart/data/sets/15/native.json");
      const set = JSON.parse(readFileSync(path, "utf8")) as EmojiSet;
      const lines = Object.entries(set.emojis).map(([name, emoji]) => `${name}=${emoji.skins[0]!.native}`);
      for (const [alias, name] of Object.entries(set.aliases)) {
        const character = set.emojis[name]?.skins[0]?.native;
        if (character) lines.push(`${alias}=${character}`);
      }
      return `export default ${JSON.stringify(lines.join("\n"))};`;
    },
  };
}

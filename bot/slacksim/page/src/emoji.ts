import lines from "virtual:emoji-names";

const characters = new Map(
  lines.split("\n").map((line) => {
    const equals = line.indexOf("=");
    return [line.slice(0, equals), line.slice(equals + 1)] as const;
  }),
);

const skinTones = ["\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"];

/** The character of a short name ("tada"), with Slack's skin tone 2 to 6; undefined if there is none. */
export function emojiCharacter(name: string, skinTone?: number): string | undefined {
  const character = characters.get(name);
  if (!character || !skinTone) return character;
  return character.replace(/\uFE0F$/, "") + (skinTones[skinTone - 2] ?? "");
}

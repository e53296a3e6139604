/** Slack's mrkdwn as a tree. Nothing in it is ever HTML: the drawing side makes text nodes of it. */
export type Style = { bold?: boolean; italic?: boolean; strike?: boolean };

export type Inline = { style: Style } & (
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "emoji"; name: string; skinTone?: number }
  | { kind: "user"; id: string; label: string }
  | { kind: "channel"; id: string; label: string }
  | { kind: "group"; id: string; label: string }
  | { kind: "broadcast"; range: string }
  | { kind: "link"; href: string; text: string }
  | { kind: "date"; seconds: number; format: string; href: string; fallback: string }
);

export type Paragraph =
  | { kind: "paragraph"; content: Inline[] }
  | { kind: "quote"; content: Inline[] }
  | { kind: "preformatted"; text: string };

/** What Slack finds by itself in text that is not `verbatim`: bare addresses, and @channel and its kin. */
export type Automatic = { links: boolean; broadcasts: boolean };

export const automaticEverything: Automatic = { links: true, broadcasts: true };
export const automaticNothing: Automatic = { links: false, broadcasts: false };

/** Undoes Slack's three entities, once: "&amp;lt;" becomes "&lt;". */
export function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_, name: string) => ({ amp: "&", lt: "<", gt: ">" })[name]!);
}

export function parseMrkdwn(source: string, automatic: Automatic = automaticNothing): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  source.split(/```([\s\S]+?)```/).forEach((part, index) => {
    if (index % 2 === 1) {
      paragraphs.push({ kind: "preformatted", text: decodeEntities(part.replace(/^\n|\n$/g, "")) });
    } else if (part.trim() !== "") {
      paragraphs.push(...parseLines(part.replace(/^\n|\n$/g, ""), automatic));
    }
  });
  return paragraphs;
}

function parseLines(source: string, automatic: Automatic): Paragraph[] {
  const groups: { kind: "paragraph" | "quote"; lines: string[] }[] = [];
  for (const line of source.split("\n")) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    const kind = quoted ? "quote" : "paragraph";
    const last = groups.at(-1);
    const text = quoted ? quoted[1]! : line;
    if (last?.kind === kind) last.lines.push(text);
    else groups.push({ kind, lines: [text] });
  }
  return groups.map(({ kind, lines }) => ({ kind, content: parseInline(lines.join("\n"), {}, automatic) }));
}

const styleOf: Record<string, keyof Style> = { "*": "bold", _: "italic", "~": "strike" };
const wordCharacter = /[\p{L}\p{N}]/u;

function parseInline(source: string, style: Style, automatic: Automatic): Inline[] {
  const found: Inline[] = [];
  let plain = "";
  const flush = () => {
    found.push(...parsePlain(plain, style, automatic));
    plain = "";
  };
  let at = 0;
  while (at < source.length) {
    const step =
      parseCode(source, at, style) ??
      parseAngle(source, at, style) ??
      parseEmoji(source, at, style) ??
      parseStyled(source, at, style, automatic);
    if (step) {
      flush();
      found.push(...step.content);
      at = step.end;
    } else {
      plain += source[at];
      at++;
    }
  }
  flush();
  return found;
}

type Step = { content: Inline[]; end: number } | undefined;

function parseCode(source: string, at: number, style: Style): Step {
  if (source[at] !== "`") return undefined;
  const code = /^`([^`\n]+)`/.exec(source.slice(at));
  if (!code) return undefined;
  return { content: [{ kind: "code", text: decodeEntities(code[1]!), style }], end: at + code[0].length };
}

function parseEmoji(source: string, at: number, style: Style): Step {
  if (source[at] !== ":") return undefined;
  const emoji = /^:([\p{L}\p{N}_+'-]+):(?::skin-tone-([2-6]):)?/u.exec(source.slice(at));
  if (!emoji) return undefined;
  const skinTone = emoji[2] ? Number(emoji[2]) : undefined;
  return { content: [{ kind: "emoji", name: emoji[1]!, skinTone, style }], end: at + emoji[0].length };
}

function parseStyled(source: string, at: number, style: Style, automatic: Automatic): Step {
  const mark = source[at]!;
  const name = styleOf[mark];
  if (!name || style[name]) return undefined;
  if (at > 0 && wordCharacter.test(lastCharacter(source.slice(0, at)))) return undefined;
  const end = closingMark(source, at + 1, mark);
  if (end < 0) return undefined;
  return { content: parseInline(source.slice(at + 1, end), { ...style, [name]: true }, automatic), end: end + 1 };
}

/** Where the style that began before `from` ends: on the same line, after no space, before no letter. */
function closingMark(source: string, from: number, mark: string): number {
  if (/[\s]/.test(source[from] ?? " ") || source[from] === mark) return -1;
  for (let at = from; at < source.length && source[at] !== "\n"; at++) {
    const skipped = /^(?:`[^`\n]+`|<[^<>\n]+>)/.exec(source.slice(at));
    if (skipped) {
      at += skipped[0].length - 1;
    } else if (source[at] === mark && !/\s/.test(source[at - 1]!)) {
      const next = String.fromCodePoint(source.codePointAt(at + 1) ?? 32);
      if (!wordCharacter.test(next)) return at;
    }
  }
  return -1;
}

function lastCharacter(text: string): string {
  return [...text.slice(-2)].at(-1) ?? "";
}

function parseAngle(source: string, at: number, style: Style): Step {
  if (source[at] !== "<") return undefined;
  const angle = /^<([^<>\n]+)>/.exec(source.slice(at));
  const token = angle && parseToken(angle[1]!, style);
  return token ? { content: [token], end: at + angle[0].length } : undefined;
}

function parseToken(token: string, style: Style): Inline | undefined {
  const bar = token.indexOf("|");
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? "" : decodeEntities(token.slice(bar + 1));
  const reference = /^(@|#)([A-Z0-9]+)$/.exec(target);
  if (reference) return { kind: reference[1] === "@" ? "user" : "channel", id: reference[2]!, label, style };
  const group = /^!subteam\^([A-Z0-9]+)$/.exec(target);
  if (group) return { kind: "group", id: group[1]!, label, style };
  const broadcast = /^!(here|channel|everyone)$/.exec(target);
  if (broadcast) return { kind: "broadcast", range: broadcast[1]!, style };
  const date = /^!date\^(\d+)\^([^^]*)(?:\^(.+))?$/.exec(target);
  if (date) {
    const href = safeAddress(decodeEntities(date[3] ?? "")) ?? "";
    return { kind: "date", seconds: Number(date[1]), format: decodeEntities(date[2]!), href, fallback: label, style };
  }
  const href = safeAddress(decodeEntities(target));
  return href ? { kind: "link", href, text: label || href, style } : undefined;
}

/** The address itself if a link may lead there, else undefined: never `javascript:` and the like. */
export function safeAddress(address: string): string | undefined {
  return /^(?:https?:\/\/|mailto:|tel:)\S+$/i.test(address) ? address : undefined;
}

function parsePlain(text: string, style: Style, automatic: Automatic): Inline[] {
  if (text === "") return [];
  const kinds = [automatic.links && "https?:\\/\\/[^\\s<>|]+[^\\s<>|.,;:!?)\\]]"];
  kinds.push(automatic.broadcasts && "(?<![\\p{L}\\p{N}_])@(?:here|channel|everyone)\\b");
  const wanted = kinds.filter(Boolean).join("|");
  if (!wanted) return [{ kind: "text", text: decodeEntities(text), style }];
  return text
    .split(new RegExp(`(${wanted})`, "u"))
    .map((part, index): Inline => {
      if (index % 2 === 0) return { kind: "text", text: decodeEntities(part), style };
      if (part.startsWith("@")) return { kind: "broadcast", range: part.slice(1), style };
      return { kind: "link", href: decodeEntities(part), text: decodeEntities(part), style };
    })
    .filter((inline) => inline.kind !== "text" || inline.text !== "");
}

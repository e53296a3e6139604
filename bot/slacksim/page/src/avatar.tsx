import type { User } from "./api";
import { Logo } from "./icons";

/** Slack's own robot has this ID in every workspace. */
export const slackbotID = "USLACKBOT";

const grounds = ["#c2410c", "#0f766e", "#7e22ce", "#1d4ed8", "#be185d", "#4d7c0f", "#0369a1", "#a16207", "#9f1239", "#4338ca"];

/** A picture of a person without a picture: their initials on a colour that stays theirs. */
export function Avatar({ user, name }: { user: User | undefined; name: string }) {
  if (!user || (user.is_bot && user.id !== slackbotID)) return <span className="avatar"><Logo /></span>;
  return (
    <svg className="avatar" viewBox="0 0 36 36" aria-hidden="true">
      <rect width="36" height="36" rx="8" fill={grounds[hash(user.id) % grounds.length]} />
      <text x="18" y="18.5" textAnchor="middle" dominantBaseline="central" fill="#fff" fontSize="15" fontWeight="700">{initials(name)}</text>
    </svg>
  );
}

/** "Alice Ng" gives AN, "李娜" gives 李, "María José Pérez" gives MP. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const first = [...(words[0] ?? "?")][0]!;
  if (words.length < 2 || /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}/u.test(first)) return first.toLocaleUpperCase();
  const joined = /\p{Script=Arabic}/u.test(first) ? "\u200C" : "";
  return (first + joined + [...words.at(-1)!][0]!).toLocaleUpperCase();
}

function hash(text: string): number {
  let sum = 7;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)!) >>> 0;
  return sum;
}

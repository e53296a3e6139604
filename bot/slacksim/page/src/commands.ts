import { RequestError, type Meeting, type User } from "./api";

/** A line of the list that completes what is typed: how it reads, what it writes, and what that does. */
export type Hint = { text: string; complete: string; what: string };

/** Every verb of the bot; `meeting` says that one follows. A test of the program holds this list against the bot's own. */
export const verbs: { verb: string; usage: string; meeting: boolean; what: string }[] = [
  { verb: "list", usage: "list", meeting: false, what: "the meetings that are running" },
  { verb: "status", usage: "status <meeting>", meeting: true, what: "when it ends, and what can be added" },
  { verb: "watch", usage: "watch <meeting> ask|auto", meeting: true, what: "ask or extend before it ends" },
  { verb: "unwatch", usage: "unwatch <meeting>", meeting: true, what: "stop watching" },
  { verb: "why", usage: "why <meeting>", meeting: true, what: "what will happen before its end, and why" },
  { verb: "history", usage: "history [meeting]", meeting: true, what: "who extended what" },
  { verb: "pause", usage: "pause", meeting: false, what: "stop all automation" },
  { verb: "resume", usage: "resume", meeting: false, what: "start it again" },
  { verb: "help", usage: "help", meeting: false, what: "all that the bot understands" },
];

/** What can follow a meeting, by the verb before it; "" is none. */
const after: Record<string, [string, string][]> = {
  "": [["30", "add 30 minutes"], ["1h", "add an hour"], ["until ", "extend until a time"], ["max", "as much as the limits allow"], ["auto", "leave it to the platform"]],
  watch: [["ask", "ask here before it ends"], ["auto", "extend it before it ends"], ["auto 15 max 60", "15 minutes at a time, 60 in all"]],
};

const most = 9;

/** What could complete the line: people after an @, verbs, the running meetings, and what follows one. */
export function hints(typed: string, meetings: Meeting[], users: User[] = []): Hint[] {
  const name = /(?:^|\s)@([\w.-]*)$/.exec(typed);
  if (name) return peopleHints(typed, name[1]!, users);
  const line = /^(\/\S+|@overtime)(\s+)(.*)$/s.exec(typed);
  if (!line) return typed.startsWith("/") ? commandHints(typed) : [];
  const [, command, gap, rest] = line;
  return restHints(rest!, meetings).map((hint) => ({ ...hint, text: `${command} ${hint.text}`, complete: command! + gap + hint.complete })).slice(0, most);
}

function commandHints(typed: string): Hint[] {
  const command = "/extend";
  if (!command.startsWith(typed.toLowerCase())) return [];
  const forms: Hint[] = [{ text: `${command} <meeting> [minutes]`, complete: `${command} `, what: "extend a meeting now" }];
  return [...forms, ...verbs.map(({ verb, usage, meeting, what }) => ({ text: `${command} ${usage}`, complete: `${command} ${verb}${meeting ? " " : ""}`, what }))];
}

function restHints(rest: string, meetings: Meeting[]): Hint[] {
  const words = rest.split(/\s+/);
  const verb = verbs.find((one) => one.verb === words[0]?.toLowerCase());
  if (words.length === 1) {
    const begun = verbs.filter((one) => one.verb.startsWith(words[0]!.toLowerCase()) && one.verb !== words[0]);
    const all = begun.map((one) => ({ text: one.usage, complete: one.verb + (one.meeting ? " " : ""), what: one.what }));
    return [...meetingHints("", words[0]!, meetings), ...all];
  }
  if (verb && words.length === 2) return verb.meeting ? meetingHints(verb.verb + " ", words[1]!, meetings) : [];
  const [begun, last] = [rest.slice(0, rest.length - words.at(-1)!.length), words.at(-1)!];
  if (words.length !== (verb ? 3 : 2)) return [];
  return (after[verb?.verb ?? ""] ?? [])
    .filter(([form]) => form.startsWith(last.toLowerCase()) && form !== last)
    .map(([form, what]) => ({ text: begun + form, complete: begun + form, what }));
}

function meetingHints(before: string, begun: string, meetings: Meeting[]): Hint[] {
  return meetings
    .filter(({ state, id, subject }) => state === "running" && id !== begun && (id.startsWith(begun) || (begun.length > 1 && subject.toLowerCase().includes(begun.toLowerCase()))))
    .slice(0, 5)
    .map(({ id, subject }) => ({ text: before + id, complete: `${before}${id} `, what: subject }));
}

function peopleHints(typed: string, begun: string, users: User[]): Hint[] {
  return users
    .filter(({ name, real_name }) => [name, real_name].some((one) => one.toLowerCase().startsWith(begun.toLowerCase())) && name !== begun)
    .sort((left, right) => Number(right.is_bot) - Number(left.is_bot))
    .slice(0, most)
    .map(({ name, real_name }) => ({ text: "@" + name, complete: typed.slice(0, typed.length - begun.length) + name + " ", what: real_name }));
}

/** What the server's refusal of a line means, in a sentence. */
export function explainFailure(error: Error, line: string, person: string, place: string): string {
  const { code, hint } = error instanceof RequestError ? error : { code: "", hint: "" };
  if (code === "not_in_channel") {
    return `${person} is not in ${place}, so nothing can be sent there. Open another conversation, or be somebody else.`;
  }
  if (code === "msg_too_long") return "That is longer than Slack takes. Make it shorter.";
  if (code === "thread_not_found") return "This message has no thread any more.";
  return hint || `“${line}” was not sent: ${error.message}`;
}

/** Why this cannot be sent; undefined if it can. */
export function whyNotSent(text: string): string | undefined {
  return text.trim() === "" ? "Type something first, for example /extend list or @overtime list." : undefined;
}

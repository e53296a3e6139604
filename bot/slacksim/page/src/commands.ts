import { RequestError, type Meeting } from "./api";

export type Hint = { text: string; complete: string; what: string };

const forms: Hint[] = [
  { text: "/extend <meeting> [minutes]", complete: "/extend ", what: "extend a meeting now" },
  { text: "/extend list", complete: "/extend list", what: "the meetings that are running" },
  { text: "/extend status <meeting>", complete: "/extend status ", what: "when a meeting ends" },
  { text: "/extend help", complete: "/extend help", what: "all that the bot understands" },
];

/** What could follow what was typed: the forms of the command, and the running meetings for their ID. */
export function hints(typed: string, meetings: Meeting[]): Hint[] {
  if (!typed.startsWith("/")) return [];
  const wanted = typed.toLowerCase();
  const matching = forms.filter((form) => form.complete.startsWith(wanted) && form.complete !== typed);
  return [...meetingHints(typed, meetings).slice(0, 5), ...matching].slice(0, 8);
}

function meetingHints(typed: string, meetings: Meeting[]): Hint[] {
  const begun = /^(\/extend (?:status )?)(\d*)$/.exec(typed);
  if (!begun) return [];
  return meetings
    .filter((meeting) => meeting.state === "running" && meeting.id.startsWith(begun[2]!) && meeting.id !== begun[2])
    .map((meeting) => {
      const complete = begun[1] + meeting.id;
      return { text: complete, complete: complete + (begun[1] === "/extend " ? " " : ""), what: meeting.subject };
    });
}

/** What the server's refusal of a command means, in a sentence. */
export function explainFailure(error: Error, command: string, person: string, place: string): string {
  const { code, hint } = error instanceof RequestError ? error : { code: "", hint: "" };
  if (code === "not_in_channel") {
    return `${person} is not in ${place}, so nothing can be sent there. Open another conversation, or be somebody else.`;
  }
  if (code === "msg_too_long") return "That is longer than Slack takes. Make it shorter.";
  return hint || `“${command}” was not sent: ${error.message}`;
}

/** Why this cannot be sent; undefined if it can. */
export function whyNotSent(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return "Type a command first, for example /extend list.";
  if (!trimmed.startsWith("/")) return "This stand-in takes slash commands only, no ordinary messages. Begin with a slash, for example /extend help.";
  return undefined;
}

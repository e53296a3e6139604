/** The stand-in's own API under /sim/ (same origin). Times are milliseconds unless a name says otherwise. */
export type TextObject = { type: "plain_text" | "mrkdwn"; text: string; emoji?: boolean; verbatim?: boolean };
export type Option = { text: TextObject; value?: string; description?: TextObject; url?: string };
export type OptionGroup = { label: TextObject; options: Option[] };
export type Confirmation = { title: TextObject; text: TextObject; confirm: TextObject; deny: TextObject; style?: string };

/** One interactive or drawn element of Block Kit; which fields it has depends on its type. */
export type Element = {
  type: string;
  action_id?: string;
  text?: TextObject | string;
  value?: string;
  url?: string;
  style?: string;
  alt_text?: string;
  image_url?: string;
  accessibility_label?: string;
  confirm?: Confirmation;
  placeholder?: TextObject;
  options?: Option[];
  option_groups?: OptionGroup[];
  initial_option?: Option;
  initial_options?: Option[];
  initial_value?: string;
  initial_date?: string;
  initial_time?: string;
  initial_date_time?: number;
  initial_user?: string;
  initial_channel?: string;
  initial_conversation?: string;
  min_query_length?: number;
  multiline?: boolean;
  max_length?: number;
  min_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  focus_on_load?: boolean;
};

export type Block = {
  type: string;
  block_id?: string;
  text?: TextObject;
  fields?: TextObject[];
  accessory?: Element;
  elements?: Element[];
  element?: Element;
  label?: TextObject;
  hint?: TextObject;
  title?: TextObject;
  alt_text?: string;
  image_url?: string;
  optional?: boolean;
  dispatch_action?: boolean;
};

export type User = {
  id: string; name: string; real_name: string; locale: string; tz: string; title: string;
  is_bot: boolean; is_restricted: boolean; team_id: string;
};
export type Channel = {
  id: string; name: string; is_im: boolean; is_private: boolean; is_ext_shared: boolean; user: string;
  /** Who is in it, where the server tells; without it, everybody sees the channel. */
  members?: string[];
};
export type Message = {
  channel: string; ts: string; user: string; username: string; text: string; blocks?: Block[] | null;
  ephemeral_to: string; command: string; error: string; edited: boolean;
  /** The first message of the thread that this one is in; absent outside of threads. */
  thread_ts?: string;
};
export type View = {
  type: string; title?: TextObject; submit?: TextObject; close?: TextObject; blocks?: Block[]; notify_on_close?: boolean;
  hash?: string;
};
/** A shortcut of the app: in a message's menu, or else a global one. */
export type Shortcut = { name: string; callback_id: string; message: boolean };
/** An open modal, or a Home tab; `errors` are what the app said of its inputs, by block ID. */
export type OpenView = { id: string; user: string; view: View; errors?: Record<string, string> };
export type State = {
  now: number; sockets: number; team: { id: string; name: string };
  users: User[]; channels: Channel[]; messages: Message[]; views: OpenView[];
  homes: OpenView[]; commands: string[]; shortcuts: Shortcut[];
};

export type Meeting = {
  id: string; subject: string; host: string; end: number; people: number; platform_extends: number; state: string;
};
/** A fault: whether it waits to strike, how often it has, and what it hit last, and when. */
export type Break = { id: string; label: string; armed: boolean; hits: number; last: string; at: number };
export type World = { now: number; meetings: Meeting[]; breaks: Break[]; hosts: string[] };

/** A value of an input, in the shape of Slack's `view.state.values`. */
export type InputValue = {
  type: string; value?: string | null; selected_option?: Option | null; selected_options?: Option[];
  selected_date?: string | null; selected_time?: string | null; selected_date_time?: number | null;
  selected_user?: string | null; selected_channel?: string | null; selected_conversation?: string | null;
};
export type InputValues = Record<string, Record<string, InputValue>>;
/** What was pressed or picked: a button's value, or the option or options of a select. */
export type Chosen = { value: string; selected_option?: Option; selected_options?: Option[] };
export type Press = Chosen & { user: string; channel: string; ts: string; block_id: string; action_id: string; view_id?: string; values?: InputValues };

/** An answer that was not 200; `fields` are a modal's own complaints, by block ID. */
export class RequestError extends Error {
  readonly hint: string;
  readonly fields: Record<string, string>;

  constructor(readonly status: number, readonly code: string, more: { hint?: string; errors?: Record<string, string> }) {
    super(more.hint ? `${code}: ${more.hint}` : code);
    this.hint = more.hint ?? "";
    this.fields = more.errors ?? {};
  }
}

async function read<T>(response: Response): Promise<T> {
  const body = (await response.json().catch(() => ({}))) as T & { ok?: boolean; error?: string; hint?: string; errors?: Record<string, string> };
  if (!response.ok || body.ok === false) {
    throw new RequestError(response.status, body.error ?? `status ${response.status}`, body);
  }
  return body;
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  return read<T>(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

export const fetchState = async (): Promise<State> => read(await fetch("/sim/state", { cache: "no-store" }));

/** The meetings and the clock; undefined where the program beside the stand-in offers none (404). */
export async function fetchWorld(): Promise<World | undefined> {
  const response = await fetch("/sim/world", { cache: "no-store" });
  return response.status === 404 ? undefined : read<World>(response);
}

export const sendCommand = (user: string, channel: string, text: string) => post("/sim/command", { user, channel, text });
export const say = (user: string, channel: string, threadTS: string, text: string) =>
  post<{ ts: string }>("/sim/say", { user, channel, thread_ts: threadTS, text });
/** The person opens the app: the app hears which of its tabs. */
export const openApp = (user: string, tab: AppTab) => post("/sim/open", { user, tab });
export type AppTab = "home" | "messages";
/** A global shortcut, or one of the message that is named. */
export const chooseShortcut = (user: string, callbackID: string, message?: { channel: string; ts: string }) =>
  post("/sim/shortcut", { user, callback_id: callbackID, ...message });
export const sendPress = (press: Press) => post("/sim/press", press);
export const submitView = (user: string, viewID: string, values: InputValues) =>
  post("/sim/submit", { user, view_id: viewID, values });
export const dismissView = (user: string, viewID: string, all: boolean) => post("/sim/dismiss", { user, view_id: viewID, all });
export const moveClock = (seconds: number) => post("/sim/clock", { forward_seconds: seconds });
export const breakSomething = (id: string) => post("/sim/break", { id });
export const addMeeting = (meeting: { title: string; host: string; minutes: number }) => post<{ id: string }>("/sim/meeting", meeting);
export const resetWorld = () => post("/sim/reset", {});
export const suggestOptions = (query: { user: string; view_id: string; block_id: string; action_id: string; value: string; values?: InputValues }) =>
  post<{ options?: Option[]; option_groups?: OptionGroup[] }>("/sim/suggest", query);

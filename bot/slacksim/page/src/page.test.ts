import { describe, expect, it } from "vitest";
import type { Block, Channel, Meeting, Message, State, User } from "./api";
import { RequestError } from "./api";
import { initials } from "./avatar";
import { resolveChoice } from "./choice";
import { explainFailure, hints, verbs, whyNotSent } from "./commands";
import { usableTimeZone } from "./context";
import { isReply, publicReplies, repliesTo } from "./conversation";
import { emojiCharacter } from "./emoji";
import { inOrder } from "./meetings";
import { missingInputs, withInitialValues } from "./modal";
import { whatItDid } from "./world_panel";
import { describeUser } from "./top_bar";
import { countUnread, visibleMessages } from "./unread";

const user = (id: string, more: Partial<User> = {}): User => ({ id, name: id, real_name: id, locale: "en-US", tz: "UTC", title: "", is_bot: false, is_restricted: false, team_id: "T1", ...more });
const channel = (id: string, more: Partial<Channel> = {}): Channel => ({ id, name: id, is_im: false, is_private: false, is_ext_shared: false, user: "", ...more });
const message = (ts: string, more: Partial<Message> = {}): Message => ({ channel: "C1", ts, user: "UBOT", username: "", text: "", ephemeral_to: "", command: "", error: "", edited: false, ...more });
const meeting = (id: string, end: number, state = "running"): Meeting => ({ id, subject: "S" + id, host: "", end, people: 1, platform_extends: 0, state });

describe("who sees what", () => {
  it("keeps private answers, commands and errors to their person", () => {
    const all = [message("3"), message("1", { ephemeral_to: "U1" }), message("2", { ephemeral_to: "U2" }), message("4", { user: "U2", command: "/x" }), message("5", { user: "U2", error: "operation_timeout" })];
    expect(visibleMessages(all, "U1").map(({ ts }) => ts)).toEqual(["1", "3"]);
    expect(visibleMessages(all, "U2").map(({ ts }) => ts)).toEqual(["2", "3", "4", "5"]);
  });
  it("counts what came after the last visit, elsewhere, from others", () => {
    const all = [message("1", { channel: "C2" }), message("2", { channel: "C2" }), message("3", { channel: "C2", user: "U1" }), message("4")];
    expect([...countUnread(all, { "U1/C2": "1" }, "U1", "C1")]).toEqual([["C2", 1]]);
  });
  it("falls back to a person and a channel that exist, and never opens another's direct messages", () => {
    const channels = [channel("D1", { is_im: true, user: "U1" }), channel("D2", { is_im: true, user: "U2" }), channel("C1"), channel("C2", { members: ["U2"] })];
    const state = { users: [user("UBOT", { is_bot: true }), user("U1"), user("U2")], channels } as State;
    const chosen = (userID: string, channelID: string) => {
      const choice = resolveChoice(state, userID, channelID)!;
      return [choice.user.id, choice.channel.id];
    };
    expect(chosen("", "")).toEqual(["U1", "C1"]);
    expect(chosen("U2", "D2")).toEqual(["U2", "D2"]);
    expect(chosen("U1", "D2")).toEqual(["U1", "C1"]);
    expect(chosen("U1", "C2")).toEqual(["U1", "C1"]);
  });
  it("names roles once", () => {
    expect(describeUser(user("Gus", { title: "guest", is_restricted: true }), "T1")).toBe("Gus · guest");
    expect(describeUser(user("Eve", { title: "visitor", team_id: "T2" }), "T1")).toBe("Eve · visitor (other workspace)");
  });
});

describe("commands", () => {
  const running = [meeting("914083136", 2), meeting("920417765", 1), meeting("971103355", 3, "ended")];
  it("offers the meetings that are running", () => {
    expect(hints("/extend 9", running).map(({ complete }) => complete)).toEqual(["/extend 914083136 ", "/extend 920417765 "]);
    expect(hints("/extend status 91", running).map(({ complete }) => complete)).toEqual(["/extend status 914083136 "]);
    expect(hints("/extend 914083136 30", running)).toEqual([]);
    expect(hints("/extend why s920", running).map(({ complete }) => complete)).toEqual(["/extend why 920417765 "]);
    expect(hints("hello", running)).toEqual([]);
  });
  it("completes every verb, after a mention too", () => {
    for (const { verb, meeting: takesOne } of verbs) {
      const wanted = verb + (takesOne ? " " : "");
      expect(hints("/extend " + verb.slice(0, 2), running).map(({ complete }) => complete)).toContain("/extend " + wanted);
      expect(hints("@overtime " + verb.slice(0, 2), running).map(({ complete }) => complete)).toContain("@overtime " + wanted);
      expect(hints("/extend", running).map(({ complete }) => complete)).toContain("/extend " + wanted);
    }
  });
  it("completes what can follow a meeting", () => {
    expect(hints("/extend 914083136 ", running).map(({ complete }) => complete)).toContain("/extend 914083136 max");
    expect(hints("/extend watch 914083136 a", running).map(({ complete }) => complete)).toContain("/extend watch 914083136 auto");
    expect(hints("/extend list 9", running)).toEqual([]);
  });
  it("completes names, the app first", () => {
    const people = [user("U1", { name: "olga" }), user("U2", { name: "overtime", is_bot: true })];
    expect(hints("hi @o", [], people).map(({ complete }) => complete)).toEqual(["hi @overtime ", "hi @olga "]);
    expect(hints("mail@o", [], people)).toEqual([]);
  });
  it("sends anything but nothing", () => {
    expect(whyNotSent("  ")).toMatch(/Type something/);
    expect(whyNotSent("hello")).toBeUndefined();
    expect(whyNotSent(" /extend list")).toBeUndefined();
  });
  it("explains refusals", () => {
    const refused = (code: string, hint?: string) => explainFailure(new RequestError(409, code, { hint }), "/extend list", "Gina", "#ops");
    expect(refused("not_in_channel")).toMatch(/^Gina is not in #ops/);
    expect(refused("msg_too_long")).toMatch(/shorter/);
    expect(refused("unknown_command", "/x is not a valid command.")).toBe("/x is not a valid command.");
    expect(refused("odd")).toBe("“/extend list” was not sent: odd");
  });
});

describe("threads", () => {
  it("draws a reply in its thread alone", () => {
    const all = [message("1", { thread_ts: "1" }), message("2", { thread_ts: "1" }), message("3"), message("4", { thread_ts: "3" })];
    expect(all.filter((one) => !isReply(one)).map(({ ts }) => ts)).toEqual(["1", "3"]);
    expect(repliesTo("1", all).map(({ ts }) => ts)).toEqual(["2"]);
  });
  it("counts no answer that one person alone sees", () => {
    const all = [message("1", { thread_ts: "1" }), message("2", { thread_ts: "1" }), message("3", { thread_ts: "1", ephemeral_to: "U1" })];
    expect(publicReplies(repliesTo("1", all)).map(({ ts }) => ts)).toEqual(["2"]);
  });
});

describe("time zones", () => {
  it("is the person's own, or UTC where it is not known", () => {
    expect(usableTimeZone("Asia/Shanghai")).toBe("Asia/Shanghai");
    expect(usableTimeZone("Mars/Olympus")).toBe("UTC");
    expect(usableTimeZone("")).toBe("UTC");
  });
});

describe("modals", () => {
  const blocks: Block[] = [
    { type: "input", block_id: "b", element: { type: "plain_text_input", action_id: "a" } },
    { type: "input", block_id: "o", optional: true, element: { type: "checkboxes", action_id: "c" } },
    { type: "section", block_id: "s", accessory: { type: "static_select", action_id: "x", initial_option: { text: { type: "plain_text", text: "One" }, value: "1" } } },
    { type: "actions", block_id: "k", elements: [{ type: "button", action_id: "go" }] },
  ];
  it("begins with the initial values, and holds nothing for buttons", () => {
    const values = withInitialValues(blocks, { b: { a: { type: "plain_text_input", value: "typed" } } });
    expect(values.b!.a!.value).toBe("typed");
    expect(values.s!.x!.selected_option!.value).toBe("1");
    expect(values.k).toBeUndefined();
  });
  it("asks for inputs that are not optional", () => {
    expect(Object.keys(missingInputs(blocks, withInitialValues(blocks, {}), "missing"))).toEqual(["b"]);
    expect(missingInputs(blocks, withInitialValues(blocks, { b: { a: { type: "plain_text_input", value: "x" } } }), "missing")).toEqual({});
  });
});

describe("drawing", () => {
  it("says what a fault did", () => {
    const fault = { id: "x", label: "X", armed: false, hits: 1, last: "extend 914083136", at: Date.UTC(2026, 10, 27, 15, 31) };
    const viewer = { locale: "en-GB", timeZone: "Europe/Berlin", now: 0 };
    expect(whatItDid(fault, viewer)).toBe("Once: extend 914083136, 16:31");
    expect(whatItDid({ ...fault, hits: 3 }, viewer)).toBe("3 times, last: extend 914083136, 16:31");
  });
  it("orders meetings by their end, then those to come, then those over", () => {
    const order = inOrder([meeting("over", 1, "ended"), meeting("late", 9), meeting("to come", 2, "scheduled"), meeting("soon", 3)]);
    expect(order.map(({ id }) => id)).toEqual(["soon", "late", "to come", "over"]);
  });
  it.each([["Alice Ng", "AN"], ["李娜", "李"], ["Gina (guest)", "G"], ["María José Pérez", "MP"], ["", "?"]])("initials of %s", (name, want) => {
    expect(initials(name)).toBe(want);
  });
  it("knows Slack's short names", () => {
    expect(emojiCharacter("white_check_mark")).toBe("✅");
    expect(emojiCharacter("large_green_circle")).toBe("🟢");
    expect(emojiCharacter("+1", 3)).toBe("👍🏼");
    expect(emojiCharacter("no_such_emoji")).toBeUndefined();
  });
});

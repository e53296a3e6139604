import { describe, expect, it } from "vitest";
import { chromeIn } from "./chrome";

describe("Slack's own words", () => {
  it.each([
    ["en-US", "Only visible to you", "3 replies"],
    ["de-DE", "Only visible to you", "3 replies"],
    ["es-ES", "Solo visible para ti", "3 respuestas"],
    ["es-MX", "Solo visible para ti", "3 respuestas"],
    ["zh-CN", "仅对你可见", "3 条回复"],
  ])("are in the language of %s", (locale, onlyYou, replies) => {
    const chrome = chromeIn(locale);
    expect([chrome("onlyYou"), chrome("replies", { count: 3 })]).toEqual([onlyYou, replies]);
  });
});

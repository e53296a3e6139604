import { expect, it } from "vitest";
import { barShare, formatCountdown, spokenCountdown, urgency } from "./countdown";

it.each([
  [0, "0:00", "over"],
  [-5000, "0:00", "over"],
  [1, "0:01", "urgent"],
  [65_000, "1:05", "urgent"],
  [180_001, "3:01", "soon"],
  [600_001, "10:01", "calm"],
  [3_600_000, "1:00:00", "calm"],
])("%d ms left", (left, text, how) => {
  expect(formatCountdown(left)).toBe(text);
  expect(urgency(left)).toBe(how);
});

it("fills the bar for an hour", () => {
  expect([barShare(-1), barShare(1_800_000), barShare(9e9)]).toEqual([0, 0.5, 1]);
});

it("speaks by the minute", () => {
  expect([spokenCountdown(0), spokenCountdown(30_000), spokenCountdown(90_000)]).toEqual(["ended", "ends within a minute", "ends in 2 minutes"]);
});

import { describe, expect, it } from "vitest";
import { dayName, formatSlackDate, type Viewer } from "./dates";

const seconds = Date.UTC(2026, 10, 22, 21, 30) / 1000;
const viewer: Viewer = { locale: "en-US", timeZone: "UTC", now: seconds * 1000 };

describe("formatSlackDate", () => {
  it.each([
    ["{date_num} {time_secs}", "2026-11-22 9:30:00 PM"],
    ["{date_short_pretty} {time}", "today 9:30 PM"],
    ["{date} / {date_long}", "November 22nd / Sunday, November 22nd"],
    ["{date_short} {unknown}", "Nov 22 {unknown}"],
  ])("%s", (format, want) => expect(formatSlackDate(seconds, format, viewer)).toBe(want));

  it("follows the viewer's zone over midnight", () => {
    const shanghai = { ...viewer, timeZone: "Asia/Shanghai" };
    expect(formatSlackDate(seconds, "{date_num} {time}", shanghai)).toBe("2026-11-23 5:30 AM");
  });
  it("names the neighbouring days in the viewer's language", () => {
    const spanish = { ...viewer, locale: "es-ES" };
    expect(formatSlackDate(seconds + 86_400, "{date_short_pretty} {time}", spanish)).toBe("mañana 21:30");
    expect(formatSlackDate(seconds - 86_400, "{date_pretty}", { ...viewer, locale: "zh-CN" })).toBe("昨天");
  });
  it("gives the year when it is far", () => {
    expect(formatSlackDate(1700000000, "{date_short} {date}", viewer)).toBe("Nov 14, 2023 November 14th, 2023");
  });
  it("tells how long ago", () => {
    expect(formatSlackDate(seconds - 7200, "{ago}", viewer)).toBe("2 hours ago");
    expect(formatSlackDate(seconds, "{ago}", viewer)).toBe("now");
  });
});

describe("dayName", () => {
  it("begins with a capital", () => expect(dayName(seconds * 1000, viewer)).toBe("Today"));
});

/** Where and for whom a time is shown. `now` is milliseconds by the stand-in's clock. */
export type Viewer = { locale: string; timeZone: string; now: number };

/** Text of Slack's <!date^seconds^format|fallback>, in the viewer's zone and language. */
export function formatSlackDate(seconds: number, format: string, viewer: Viewer): string {
  const instant = new Date(seconds * 1000);
  const draw = (options: Intl.DateTimeFormatOptions) => formatInstant(instant, viewer, options);
  return format.replace(/\{(\w+)\}/g, (token, name: string) => {
    switch (name) {
      case "date_num":
        return isoDay(instant, viewer.timeZone);
      case "date_slash":
        return draw({ year: "numeric", month: "2-digit", day: "2-digit" });
      case "date":
        return longDate(instant, viewer, {});
      case "date_long":
        return longDate(instant, viewer, { weekday: "long" });
      case "date_short":
        return shortDate(instant, viewer);
      case "date_pretty":
        return relativeDay(instant, viewer) ?? longDate(instant, viewer, {});
      case "date_long_pretty":
        return relativeDay(instant, viewer) ?? longDate(instant, viewer, { weekday: "long" });
      case "date_short_pretty":
        return relativeDay(instant, viewer) ?? shortDate(instant, viewer);
      case "time":
        return draw({ hour: "numeric", minute: "2-digit" });
      case "time_secs":
        return draw({ hour: "numeric", minute: "2-digit", second: "2-digit" });
      case "ago":
        return ago(instant, viewer);
      default:
        return token;
    }
  });
}

/** Time of day, as beside a message. */
export function timeOfDay(milliseconds: number, viewer: Viewer): string {
  return formatInstant(new Date(milliseconds), viewer, { hour: "numeric", minute: "2-digit" });
}

/** Whole date and time with the zone's name, for tooltips. */
export function wholeDate(milliseconds: number, viewer: Viewer): string {
  const options: Intl.DateTimeFormatOptions = {
    weekday: "long", day: "numeric", month: "long", year: "numeric",
    hour: "numeric", minute: "2-digit", second: "2-digit", timeZoneName: "short",
  };
  return formatInstant(new Date(milliseconds), viewer, options);
}

/** The calendar day (2026-11-22) in a zone. */
export function isoDay(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
}

/** "Today", "Yesterday", or the date, for the line between days. */
export function dayName(milliseconds: number, viewer: Viewer): string {
  const instant = new Date(milliseconds);
  const relative = relativeDay(instant, viewer);
  if (relative) return relative.charAt(0).toLocaleUpperCase(viewer.locale) + relative.slice(1);
  return formatInstant(instant, viewer, { weekday: "long", day: "numeric", month: "long" });
}

function formatInstant(instant: Date, viewer: Viewer, options: Intl.DateTimeFormatOptions): string {
  const text = new Intl.DateTimeFormat(viewer.locale, { timeZone: viewer.timeZone, ...options }).format(instant);
  return text.replace(/[\u202F\u00A0]/g, " ");
}

function relativeDay(instant: Date, viewer: Viewer): string | undefined {
  const day = (date: Date) => Date.parse(isoDay(date, viewer.timeZone)) / 86_400_000;
  const difference = day(instant) - day(new Date(viewer.now));
  if (Math.abs(difference) > 1) return undefined;
  return new Intl.RelativeTimeFormat(viewer.locale, { numeric: "auto" }).format(difference, "day");
}

// Slack leaves the year out within six months of today.
function yearIfFar(instant: Date, viewer: Viewer): Intl.DateTimeFormatOptions {
  const halfYear = 182 * 86_400_000;
  return Math.abs(instant.getTime() - viewer.now) > halfYear ? { year: "numeric" } : {};
}

function shortDate(instant: Date, viewer: Viewer): string {
  return formatInstant(instant, viewer, { month: "short", day: "numeric", ...yearIfFar(instant, viewer) });
}

function longDate(instant: Date, viewer: Viewer, extra: Intl.DateTimeFormatOptions): string {
  const options: Intl.DateTimeFormatOptions = { month: "long", day: "numeric", ...yearIfFar(instant, viewer), ...extra };
  const text = formatInstant(instant, viewer, options);
  if (!viewer.locale.startsWith("en-US")) return text;
  return text.replace(/\b(\d{1,2})\b(?!\d)/, (day) => day + ordinalEnding(Number(day)));
}

function ordinalEnding(day: number): string {
  const rule = new Intl.PluralRules("en", { type: "ordinal" }).select(day);
  return { one: "st", two: "nd", few: "rd" }[rule as string] ?? "th";
}

function ago(instant: Date, viewer: Viewer): string {
  const seconds = Math.round((instant.getTime() - viewer.now) / 1000);
  const units: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(viewer.locale, { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

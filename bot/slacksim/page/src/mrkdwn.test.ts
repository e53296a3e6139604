import { describe, expect, it } from "vitest";
import { automaticEverything, parseMrkdwn, safeAddress, type Inline } from "./mrkdwn";

/** One paragraph as a short text: *bold*, /italic/, -strike-, [kind:…]. */
function outline(source: string, automatic = false): string {
  const paragraphs = parseMrkdwn(source, automatic ? automaticEverything : undefined);
  return paragraphs
    .map((paragraph) =>
      paragraph.kind === "preformatted" ? `pre(${paragraph.text})` : `${paragraph.kind[0]}(${paragraph.content.map(one).join("")})`,
    )
    .join("");
}

function one(inline: Inline): string {
  const { bold, italic, strike } = inline.style;
  const marks = (bold ? "*" : "") + (italic ? "/" : "") + (strike ? "-" : "");
  return marks + body(inline) + [...marks].reverse().join("");
}

function body(inline: Inline): string {
  switch (inline.kind) {
    case "text": return inline.text;
    case "code": return `[code:${inline.text}]`;
    case "emoji": return `[emoji:${inline.name}${inline.skinTone ? "+" + inline.skinTone : ""}]`;
    case "broadcast": return `[!${inline.range}]`;
    case "link": return `[link:${inline.href}|${inline.text}]`;
    case "date": return `[date:${inline.seconds}|${inline.format}|${inline.href}|${inline.fallback}]`;
    default: return `[${inline.kind}:${inline.id}|${inline.label}]`;
  }
}

describe("mrkdwn", () => {
  it.each([
    ["plain", "p(plain)"],
    ["*b* _i_ ~s~ `c`", "p(*b* /i/ -s- [code:c])"],
    ["*a _b_ c*", "p(*a **/b/** c*)"],
    ["2*3*4 and snake_case_name", "p(2*3*4 and snake_case_name)"],
    ["* a * and *open", "p(* a * and *open)"],
    ["*会议* 会议*不*会议", "p(*会议* 会议*不*会议)"],
    ["(*c*), *d*.", "p((*c*), *d*.)"],
    ["*with `*` in it*", "p(*with **[code:*]** in it*)"],
    ["*two\nlines*", "p(*two\nlines*)"],
    ["<@U1> <@U2|bob> in <#C1> <!subteam^S1>", "p([user:U1|] [user:U2|bob] in [channel:C1|] [group:S1|])"],
    ["<!here> <!channel>", "p([!here] [!channel])"],
    ["<https://x.y/?a=1&amp;b=2|the page>", "p([link:https://x.y/?a=1&b=2|the page])"],
    ["ends *<!date^1700000000^{date_short_pretty} {time}|22:13 UTC>*", "p(ends *[date:1700000000|{date_short_pretty} {time}||22:13 UTC]*)"],
    ["<!date^1^{time}^https://a.b/|x>", "p([date:1|{time}|https://a.b/|x])"],
    ["&lt;@U1&gt; &amp;lt; &amp;amp;", "p(<@U1> &lt; &amp;)"],
    ["<b>raw</b>", "p(<b>raw</b>)"],
    ["<javascript:alert(1)|x>", "p(<javascript:alert(1)|x>)"],
    [":tada: 12:30:45 :+1::skin-tone-3:", "p([emoji:tada] 12[emoji:30]45 [emoji:+1+3])"],
    ["one\n&gt; two\n> three\nfour", "p(one)q(two\nthree)p(four)"],
    ["a\n```x *y*\n&lt;```\nb", "p(a)pre(x *y*\n<)p(b)"],
  ])("%s", (source, want) => expect(outline(source)).toBe(want));

  it.each(["*a*b", "a*b* c", "会议*不* c", "2*3*4", "会议*不*会议", "* a *", "snake_case_name", "~a~1"])("leaves %s as it is", (source) => {
    expect(parseMrkdwn(source)).toEqual([{ kind: "paragraph", content: [{ kind: "text", text: source, style: {} }] }]);
  });
  it("finds nothing by itself in verbatim text", () => {
    expect(outline("@channel https://a.b/ @here")).toBe("p(@channel https://a.b/ @here)");
  });
  it("finds addresses and broadcasts in the rest", () => {
    expect(outline("@channel see https://a.b/c?d=1&amp;e, me@here.org", true)).toBe(
      "p([!channel] see [link:https://a.b/c?d=1&e|https://a.b/c?d=1&e], me@here.org)",
    );
  });
  it("links only where a link may lead", () => {
    expect(safeAddress("https://a.b")).toBe("https://a.b");
    expect(safeAddress("JavaScript:alert(1)")).toBeUndefined();
    expect(safeAddress("data:text/html,x")).toBeUndefined();
  });
});

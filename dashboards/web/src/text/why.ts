/** The reasons behind a decision as lines of words, whatever parts of them the server could give. */
import type { Explained, PlaceChoice, Similar, Why } from "@/types";

export interface WhyLine { label: string; text: string; more?: string[] }
export interface WhySay { t(key: string, params?: Record<string, string | number>): string; term(group: string, key: string): string; grid(code: string): string; limit(text: string): string }

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(plain).filter(Boolean) : []);

/** A value in words: strings and numbers as they are, named things by name, lists joined. */
export function plain(value: unknown): string {
  if (value === null || value === undefined || value === false) return "";
  if (Array.isArray(value)) return list(value).join("、");
  if (typeof value !== "object") return String(value);
  const named = value as Record<string, unknown>;
  return plain(named["text_zh"] ?? named["name"] ?? named["word"] ?? named["code"]);
}

export function whyLines(why: Why | null, say: WhySay): WhyLine[] {
  if (why === null) return [];
  const lines = [
    part(why.category, "why.category", say, (found) => category(found, say)),
    part(why.place, "why.place", say, (found) => place(found, say)),
    part(why.unit, "why.unit", say, (found) => unit(found, say)),
    each(why.basis, "why.basis", say),
    each(why.raised, "why.raised", say),
    each(why.told, "why.told", say),
    part(why.limits, "why.limits", say, (found) => limits(found, say)),
    repeats("why.joined", why.joined ? [why.joined] : [], say),
    repeats("why.similar", why.similar ?? [], say),
  ].filter((line): line is WhyLine => line !== null && line.text !== "");
  const versions = version(why, say);
  return versions === "" ? lines : [...lines, { label: say.t("why.versions"), text: versions }];
}

function part(found: Explained | null | undefined, label: string, say: WhySay, words: (found: Explained) => string[]): WhyLine | null {
  if (!found) return null;
  const [text = "", ...more] = words(found).filter(Boolean);
  return { label: say.t(label), text, more };
}

function category(found: Explained, say: WhySay): string[] {
  const words = list(found["words"]);
  const quoted = words.length > 0 ? `${say.t("why.words")} ${quotes(words)}` : "";
  const confidence = typeof found["confidence"] === "number" ? say.t("why.confidence", { n: percent(found["confidence"]) }) : "";
  const others = weighed(found["alternatives"] ?? found["candidates"]);
  const [vetoes, hidden] = [quotes(found["vetoes"]), quotes(found["hidden"])];
  return [
    plain(found["text_zh"]) || joined(say, plain(found["name"]), found["doubt"] ? say.t("why.doubtful") : "", confidence),
    found["urgent"] ? urgent(found["danger"], say) : "",
    found["over"] ? say.t("why.over") : "",
    vetoes && say.t("why.vetoes", { words: vetoes }),
    hidden && say.t("why.hidden", { words: hidden }),
    quoted || (confidence && say.t("why.byModel")),
    others.length > 0 ? `${say.t("why.alternatives")} ${others.join("、")}` : "",
  ];
}

/** That it is urgent, and the words of danger that make it so where there are any. */
function urgent(danger: unknown, say: WhySay): string {
  return typeof danger === "string" ? say.t("why.danger", { words: quotes([danger]) }) : say.t("why.urgent");
}

const quotes = (words: unknown): string => list(words).map((word) => `「${word}」`).join("");
const percent = (share: number): number => Math.round(share * 100);
const joined = (say: Pick<WhySay, "t">, ...parts: string[]): string => parts.filter(Boolean).join(say.t("comma"));

/** Other readings with their shares; those that nobody would choose (below one in a hundred) are left out. */
function weighed(value: unknown): string[] {
  return (Array.isArray(value) ? value : []).flatMap((one: { share?: unknown }) => {
    const share = typeof one.share === "number" ? percent(one.share) : null;
    if (share === 0) return [];
    return [share === null ? plain(one) : `${plain(one)} ${share}%`];
  });
}

/** What comes as a list of sentences, the first as the line: levels that were told, legal bases. */
function each(found: { text_zh: string }[] | undefined, label: string, say: WhySay): WhyLine | null {
  const [text, ...more] = list(found ?? []);
  return text === undefined ? null : { label: say.t(label), text, more };
}

function place(found: Explained, say: WhySay): string[] {
  const how = typeof found["how"] === "string" ? say.term("places", found["how"]) : "";
  const distance = typeof found["distance_m"] === "number" ? say.t("why.distance", { n: Math.round(found["distance_m"]) }) : "";
  const shares = (found["probabilities"] ?? []) as number[];
  const candidates = list(found["candidates"]).map((code, n) => say.grid(code) + (shares[n] === undefined ? "" : ` ${percent(shares[n])}%`));
  const grids = list(found["grids"]);
  const accuracy = (found["given"] as { accuracy_m?: unknown } | undefined)?.accuracy_m;
  return [
    plain(found["text_zh"]) || joined(say, plain(found["name"]) || plain(found["grid_name"]), how, distance),
    found["how"] === "border" && typeof accuracy === "number" ? say.t("why.accuracy", { n: Math.round(accuracy) }) : "",
    grids.length > 1 ? say.t("why.grids", { list: grids.join("、") }) : "",
    candidates.length > 1 ? say.t("why.candidates", { list: candidates.join("、") }) : "",
    plain((found["words"] as PlaceChoice | undefined)?.reason),
    plain((found["contradiction"] as { text?: string } | undefined)?.text),
    ...choicesOf(found).map((choice, n) => `${n + 1}. ${choice.reason}`),
  ];
}

/** The places to choose from where the text names several, or one that is not sure enough. */
export function choicesOf(found: Explained | null | undefined): PlaceChoice[] {
  const choices = found?.["choices"];
  return Array.isArray(choices) ? (choices as PlaceChoice[]) : [];
}

function repeats(label: string, found: Similar[], say: WhySay): WhyLine | null {
  const [text = "", ...more] = found.map((other) => joined(say, other.number, alikeWords(other, say)));
  return { label: say.t(label), text, more };
}

/** Of what kind the other matter is, how much alike, how far away. */
export const alikeWords = ({ category_name, score, away_m }: Similar, say: Pick<WhySay, "t">): string =>
  joined(say, category_name ?? "", say.t("why.alike", { n: percent(score) }), away_m === null ? "" : say.t("why.away", { n: away_m }));

function unit(found: Explained, say: WhySay): string[] {
  const rule = plain(found["rule"]);
  const reason = plain(found["text_zh"] ?? found["text"]);
  return [plain(found["name"]) || (reason && say.t("pane.noUnit")), reason || rule];
}

/** What a unit is granted, in the order in which it runs out. */
const GRANTED = ["accept", "contact", "finish"] as const;

function limits(found: Explained, say: WhySay): string[] {
  return [joined(say, ...GRANTED.map((kind) => {
    const limit = plain(found[kind]);
    return limit && `${say.term("deadlines", kind)} ${say.limit(limit)}`;
  }))];
}

function version(why: Why, say: WhySay): string {
  const { policy, policy_at_receipt: first, boundary } = why.versions ?? {};
  const moved = typeof first === "number" && first !== policy;
  return [
    policy === null || policy === undefined ? "" : moved ? say.t("why.policyMoved", { n: policy, first }) : say.t("why.policy", { n: policy }),
    boundary === null || boundary === undefined ? "" : say.t("why.boundary", { n: boundary }),
  ].filter(Boolean).join(" · ");
}

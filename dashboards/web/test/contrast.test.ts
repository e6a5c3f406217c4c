import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("../src/styles/base.css", import.meta.url), "utf8");

/** The colours of one theme, the dark one laid over the light one as the cascade does. */
function colours(dark: boolean): Map<string, string> {
  const [light = "", night = ""] = css.split(':root[data-theme="dark"]');
  return new Map([...(light + (dark ? night : "")).matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [name as string, value as string]));
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** What is written on what. */
const PAIRS = [
  ["ink", "card"], ["ink", "paper"], ["ink", "hover"], ["ink", "accent-wash"], ["ink", "wash-over"], ["ink", "wash-soon"],
  ["quiet", "card"], ["quiet", "paper"], ["quiet", "sunk"], ["quiet", "hover"], ["quiet", "accent-wash"],
  ["accent", "card"], ["accent", "accent-wash"], ["accent-ink", "accent"],
  ["over", "card"], ["over", "hover"], ["over", "accent-wash"], ["over", "wash-over"], ["soon", "card"], ["soon", "accent-wash"], ["soon", "wash-soon"],
  ["verified", "card"],
] as const;

describe.each([["light", false], ["dark", true]] as const)("in the %s theme", (_, dark) => {
  const theme = colours(dark);
  test.each(PAIRS)("%s is readable on %s", (ink, ground) => {
    expect(contrast(theme.get(ink) as string, theme.get(ground) as string)).toBeGreaterThanOrEqual(4.5);
  });
});

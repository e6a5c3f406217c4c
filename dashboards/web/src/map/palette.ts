/** The map's colours, read from the page's own so that both change together. */
export interface Palette {
  paper: string; card: string; ink: string; quiet: string; rule: string; outline: string; accent: string; wash: string;
  severity: Record<1 | 2 | 3 | 4, string>;
  digit: Record<1 | 2 | 3 | 4, string>;
}

export function readPalette(dark: boolean, style: CSSStyleDeclaration = getComputedStyle(document.documentElement)): Palette {
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const onBright = "#15181d";
  const digit = dark ? onBright : "#ffffff";
  return {
    paper: colour("paper"), card: colour("card"), ink: colour("ink"), quiet: colour("quiet"), rule: colour("rule"),
    outline: colour("rule-strong"), accent: colour("accent"), wash: colour("accent-wash"),
    severity: { 1: colour("s1"), 2: colour("s2"), 3: colour("s3"), 4: colour("s4") },
    digit: { 1: digit, 2: digit, 3: onBright, 4: digit },
  };
}

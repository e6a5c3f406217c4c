/** Language and theme, kept on this machine; and `t` and `term`, which speak that language. */
import { computed, ref, watchEffect } from "vue";

import { type Language, type Params, sentence } from "@/text/dictionary";
import { term as termIn } from "@/text/glossary";
import { recall, remember } from "./remember";

export type Theme = "light" | "dark";

const LANGUAGE = "gridward.language";
const THEME = "gridward.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export const language = ref<Language>(recall(LANGUAGE) === "en" ? "en" : "zh");
const chosen = ref<Theme | null>((recall(THEME) as Theme | null) ?? null);
const system = ref<Theme>(dark.matches ? "dark" : "light");
dark.addEventListener("change", (change) => (system.value = change.matches ? "dark" : "light"));

export const theme = computed<Theme>(() => chosen.value ?? system.value);

export const t = (key: string, params?: Params): string => sentence(language.value, key, params);
export const term = (group: string, key: string | number | null | undefined): string => termIn(language.value, group, key);

export function switchLanguage(): void {
  language.value = language.value === "zh" ? "en" : "zh";
  remember(LANGUAGE, language.value);
}

export function switchTheme(): void {
  chosen.value = theme.value === "dark" ? "light" : "dark";
  remember(THEME, chosen.value);
}

watchEffect(() => {
  document.documentElement.dataset["theme"] = theme.value;
  document.documentElement.classList.toggle("dark", theme.value === "dark");
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});

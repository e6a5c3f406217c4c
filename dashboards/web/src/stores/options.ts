/** What a chooser offers for each kind of input. */
import type { Field } from "@/actions/catalog";
import { terms } from "@/text/glossary";
import { alikeWords } from "@/text/why";
import type { Choice, IncidentSummary } from "@/types";
import { detail } from "./detail";
import { incidents } from "./incidents";
import { joinable, similar, suggested } from "./similar";
import { categoryOf, choosable, grids, units } from "./reference";
import { t, term } from "./settings";

export interface Option { value: string | number | boolean; label: string }

export function optionsFor({ input, name }: Field, incident: IncidentSummary): Option[] {
  switch (input) {
    case "yes_no":
      return [true, false].map((value) => ({ value, label: t(`${value ? "yes" : "no"}.${name}`) }));
    case "unit":
      return units.value.map(({ code, name }) => ({ value: code, label: name }));
    case "category":
      return likelyFirst(incident).map(({ code, name }) => ({ value: code, label: `${code} ${name}` }));
    case "grid":
      return (grids.value?.features ?? []).map(({ properties: { code, name } }) => ({ value: code, label: name }));
    case "severity":
      return [1, 2, 3, 4].map((n) => ({ value: n, label: `${n} ${term("severities", n)}` }));
    case "outcome":
      return terms("outcomes").map((outcome) => ({ value: outcome, label: term("outcomes", outcome) }));
    case "line":
      return (categoryOf(incident.category)?.emergency_lines ?? []).map((line) => ({ value: line, label: line }));
    case "incident":
      return mergeable(incident);
    default:
      return [];
  }
}

/** What the machine takes it for, the likeliest first: those that a digit picks. */
export function candidates(incident: IncidentSummary): Choice[] {
  const guessed = detail.value?.id === incident.id ? detail.value.category_choices : [];
  return guessed.flatMap(({ code }) => categoryOf(code) ?? []);
}

/** The candidates come first, as in the queue of doubts. */
function likelyFirst(incident: IncidentSummary): Choice[] {
  return [...new Set([...candidates(incident), ...choosable.value])];
}

/** Those that were found alike, then those near in place and time; none that the server would refuse. */
function mergeable(incident: IncidentSummary): Option[] {
  const open = new Map(incidents().map((other) => [other.number, other]));
  const alike = joinable(incident.id).map((other) => ({
    value: other.number, label: [open.has(other.number) ? label(open.get(other.number)!) : other.number, alikeWords(other, { t })].join(" · "),
  }));
  const told = new Set(suggested(incident.id).map(({ number }) => number));
  // What is hidden is told in nothing that is not.
  const near = similar(incident, incidents().filter(({ sensitive }) => sensitive || !incident.sensitive)).filter(({ number }) => !told.has(number));
  return [...alike, ...near.map((other) => ({ value: other.number, label: label(other) }))];
}

function label(other: IncidentSummary): string {
  const words = other.sensitive ? "" : (other.excerpt ?? "").slice(0, 24);
  return [other.number, words, other.grid_name].filter(Boolean).join(" · ");
}

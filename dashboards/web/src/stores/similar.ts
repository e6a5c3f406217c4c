/** Open incidents that may be the same matter: the same category group, close by, at about the same time. */
import { shallowRef } from "vue";

import type { IncidentSummary, Similar } from "@/types";
import { ENDED } from "./book";
import { detail } from "./detail";
import { hasEnded, incident } from "./incidents";

const METRES_PER_DEGREE = 111_320;

export function metres(a: IncidentSummary, b: IncidentSummary): number {
  if (a.lon === null || a.lat === null || b.lon === null || b.lat === null) return Number.POSITIVE_INFINITY;
  const x = (a.lon - b.lon) * Math.cos((a.lat * Math.PI) / 180);
  return Math.hypot(x, a.lat - b.lat) * METRES_PER_DEGREE;
}

/** Found now for incident `of`, and for whoever sits here: what one may see, another may not. `stores/past` asks for it. */
export const likely = shallowRef<{ of: string; found: Similar[] } | null>(null);

/** What triage found the incident to be like, or else what was found since, and is still open; likeliest first, nothing before its details are here. */
export function suggested(id: string): Similar[] {
  if (detail.value?.id !== id) return [];
  const ofTriage = detail.value.why?.similar ?? [];
  const sinceThen = likely.value?.of === id ? likely.value.found : [];
  const found = ofTriage.length > 0 ? ofTriage : sinceThen;
  return found.map(asItIsNow).filter(({ id: other, status }) => !hasEnded(other) && (status === undefined || !ENDED.has(status)));
}

/** Those of them that it may be merged into. */
export const joinable = (id: string): Similar[] => suggested(id).filter(({ may_merge }) => may_merge !== false);

function asItIsNow(other: Similar): Similar {
  const now = incident(other.id);
  return now === undefined ? other : { ...other, status: now.status, unit_name: now.unit_name };
}

/** Whether something that the incident may repeat is still open. */
export const mayRepeat = ({ likely_repeats = [] }: IncidentSummary): boolean => likely_repeats.some((id) => incident(id) !== undefined);

/** The best eight; 100 m apart weighs as much as an hour. */
export function similar(one: IncidentSummary, among: readonly IncidentSummary[], most = 8): IncidentSummary[] {
  const group = one.category?.slice(0, 2);
  const distance = (other: IncidentSummary): number =>
    Math.min(metres(one, other), 20_000) / 100 + Math.abs(Date.parse(one.received_at) - Date.parse(other.received_at)) / 3_600_000;
  return among
    .filter((other) => other.id !== one.id && (group === undefined || other.category === null || other.category.startsWith(group)))
    .map((other) => ({ other, far: distance(other) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ other }) => other);
}

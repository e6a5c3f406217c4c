/** The shapes that the API speaks, as the console reads them. Times are ISO 8601 strings with an offset. */

export type Severity = 1 | 2 | 3 | 4;
export type LightColour = "amber" | "red";

export type Status =
  | "reported" | "queued" | "dispatched" | "accepted" | "returned" | "suspended" | "resolved" | "verified"
  | "closed" | "declined" | "handed_over" | "merged" | "cancelled";

export type ActionName =
  | "dispatch" | "accept" | "return" | "add_joint" | "progress" | "ask_extension" | "decide_extension"
  | "ask_suspension" | "decide_suspension" | "resume" | "resolve" | "verify" | "close" | "reopen" | "decline"
  | "hand_over" | "merge" | "unmerge" | "cancel";

export interface Light { kind: string; light: LightColour }
export interface Doubt { kind: string; text_zh?: string }

export interface Deadline {
  kind: string;
  due_at: string;
  started_at: string;
  limit_text: string;
  light?: LightColour | null;
  paused?: boolean;
  ended_at?: string | null;
}

export interface NextDeadline {
  task: number | null;
  kind: string;
  due_at: string;
  started_at: string;
  limit_text: string;
}

export interface Task {
  no: number;
  role: "lead" | "joint" | "desk";
  unit: string | null;
  unit_name: string | null;
  status: "offered" | "accepted" | "done" | "returned" | "withdrawn";
  offered_at: string | null;
  accepted_at: string | null;
  done_at: string | null;
  /** The desk has ruled that it is this unit's: it may not be returned again. */
  designated?: boolean;
  /** Of a desk task: what was asked for, in its own notation. */
  asked?: string;
  doubts?: string[];
  deadlines: Deadline[];
}

export interface IncidentSummary {
  id: string;
  number: string;
  status: Status;
  category: string | null;
  category_name: string | null;
  severity: Severity;
  limit_class: string | null;
  sensitive: boolean;
  excerpt: string | null;
  grid: string | null;
  grid_name: string | null;
  grid_candidates: string[];
  unit: string | null;
  unit_name: string | null;
  lon: number | null;
  lat: number | null;
  source: string;
  received_at: string;
  occurred_at: string | null;
  version: number;
  journal_no: number;
  extended?: boolean;
  merged_into?: string | null;
  /** Ids of what triage found it to be like; missing in events from before it was told. */
  likely_repeats?: string[];
  /** The last report that made it graver, and its words; missing in events from before it was told. */
  graver?: { by: string; words: string } | null;
  doubts: Doubt[];
  lights: Light[];
  next_deadline: NextDeadline | null;
  tasks: Task[];
}

export interface Actor { id: string; name?: string; role: string; unit?: string }
/** Who reads: what an incident says is not for everybody. */
export type Viewer = Pick<Actor, "role" | "unit">;

export interface JournalEntry {
  no: number;
  type: string;
  type_zh?: string;
  at: string;
  received_at?: string | null;
  actor?: Actor | null;
  data?: Record<string, unknown>;
  text_zh?: string;
  text_en?: string;
}

/** `hint`: what choosing it leads to. */
export interface Choice { code: string; name: string; words?: string[]; hint?: string }

export type Explained = Record<string, unknown>;
/** A place that the text of a report may mean; degrees in WGS 84. */
export interface PlaceChoice { name: string; within?: string[]; lon: number | null; lat: number | null; precision_m: number; score: number; words: string; reason: string; grid?: string | null; grids?: string[] }

/**
 * Another matter that this one may repeat, with what made them alike and how it is now; its words only where they are not
 * protected. `may_merge` false: who handles that one may not know of this.
 */
export interface Similar {
  id: string; number: string; category_name?: string | null; score: number; away_m: number | null; days: number;
  status?: Status; unit_name?: string | null; received_at?: string; excerpt?: string | null; may_merge?: boolean;
}

/** An earlier matter like this one, and where it went: never its text. `days` from receipt until its work was done. */
export interface PastMatter {
  id: string; number: string; status: string; category_name: string | null; unit_name: string | null; outcome: string | null;
  line: string | null; days: number | null; away_m: number | null;
}

export interface Why {
  similar?: Similar[];
  joined?: Similar | null;
  category?: Explained | null;
  place?: Explained | null;
  unit?: Explained | null;
  raised?: { text_zh: string }[];
  told?: { text_zh: string }[];
  /** Legal basis of a matter that is not pushed down. */
  basis?: { text_zh: string }[];
  limits?: Explained | null;
  versions?: Record<string, number | string | null> | null;
}

/** Another incident that a repeat matter is linked to: never its text. */
export interface Linked { id: string; number: string; status: string; status_zh: string; received_at: string | null }

/** The how many-th report of one matter this is, or that a finished one is back. */
export interface Repeat { nth: number; returning: boolean; earlier: Linked[]; later: Linked[] }

export interface IncidentDetail extends IncidentSummary {
  text: string | null;
  address: string | null;
  /** What the door noticed: `clock_ahead` when the occurrence lies after the receipt. */
  flags: string[];
  reporter: Record<string, string | null> | null;
  external: Record<string, unknown> | null;
  journal: JournalEntry[];
  /** Number by id, of the incidents that the journal names. */
  numbers?: Record<string, string>;
  /** Null or missing when it is no repeat matter. */
  repeat?: Repeat | null;
  why: Why | null;
  possible: ActionName[];
  category_choices: Choice[];
  grid_choices: Choice[];
  /** Why the reader sees nothing of what it says; null for those who do. */
  withheld?: { reason: "accused" | "outside" } | null;
}

export interface IncidentEvent { incident: IncidentSummary; entries: JournalEntry[]; report_id?: string | null }

export interface Page { items: IncidentSummary[]; next: string | null; total: number }

export interface Unit {
  code: string;
  name: string;
  kind: string;
  duty?: { name?: string; phone?: string } | null;
}

export interface Category { code: string; name: string; severity?: number | null; sensitive?: boolean; emergency_lines?: string[] }

export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  detail_en?: string;
  /** The number to quote when something broke. */
  request_id?: string;
  errors?: { field: string; reason: string; reason_en?: string }[];
  possible?: ActionName[];
  current?: Partial<IncidentSummary> & { changed_by?: Actor | string | null; changed_at?: string | null };
}

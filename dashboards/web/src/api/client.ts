/** One way to call the API: JSON in and out, problems as errors, the server's clock read on the way. */
import { heard } from "@/stores/clock";
import type { Problem } from "@/types";

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }
}

/** No answer at all: what was sent may or may not have arrived. */
export class Unreachable extends Error {}

export interface Call { method?: "GET" | "POST"; body?: unknown; signal?: AbortSignal; timeout?: number }

export async function call<T>(path: string, options: Call = {}): Promise<T> {
  const sent = Date.now();
  const response = await reach(path, options);
  heard(Date.parse(response.headers.get("date") ?? ""), sent, Date.now(), 1000);
  if (response.ok) return (await response.json()) as T;
  throw new ApiError(await problemOf(response));
}

async function reach(path: string, options: Call): Promise<Response> {
  const limit = AbortSignal.timeout(options.timeout ?? 15_000);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const init: RequestInit = { method: options.method ?? "GET", headers: { accept: "application/json" }, signal };
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
    init.headers = { accept: "application/json", "content-type": "application/json" };
  }
  try {
    return await fetch(path, init);
  } catch (error) {
    throw new Unreachable(error instanceof Error ? error.message : String(error));
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const request = response.headers.get("x-request-id");
  const blank = { title: response.statusText || "error", status: response.status, ...(request ? { request_id: request } : {}) };
  try {
    return { ...blank, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return blank;
  }
}

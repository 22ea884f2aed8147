// The service's API for the pages: one envelope, one kind of error, jobs that are followed through cuts.

export interface Settings {
  prefix: string;
  auth: "open" | "required";
  signup?: "open" | "closed";
  embedders?: string[];
}

export interface Job {
  job_id: string;
  kind: string;
  status: string;
  progress: number;
  stage: string;
  message: string;
  created_at: string;
  finished_at: string | null;
  result: Result | null;
  error: { code: string; message: string } | null;
}

export interface Finding {
  code: string;
  severity: string;
  message: string;
  pointer: string;
  why?: string;
  fixed_by?: string[];
}

export interface Result {
  job_id: string;
  export_id?: string;
  asset_id?: string;
  download_url?: string;
  contract?: Record<string, unknown>;
  quality?: { score: number; grade: string; issues: Finding[] };
  warnings?: string[];
  notes?: string[];
  parsed?: { attributes?: unknown[]; unmatched?: string[]; confidence?: number } | null;
  parameters?: Record<string, unknown>;
}

export interface ViewerData {
  export_id: string;
  levels: { name: string; url: string }[];
  poses: Record<string, Record<string, number[]>>;
  facts: [string, string][];
}

/** What went wrong, in the service's own words. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly status: number,
    readonly retryAfter = 0,
  ) {
    super(message);
  }
}

const KEPT = "axis-token";
export const settings: Settings = JSON.parse(document.getElementById("axis-settings")?.textContent ?? '{"prefix":"","auth":"open"}');

export const token = {
  get: () => sessionStorage.getItem(KEPT) ?? "",
  set: (value: string) => (value ? sessionStorage.setItem(KEPT, value) : sessionStorage.removeItem(KEPT)),
};

export function address(path: string): string {
  return path.startsWith(settings.prefix) ? path : settings.prefix + path;
}

function headers(more: Record<string, string> = {}): Record<string, string> {
  const bearer = token.get();
  return bearer ? { Authorization: `Bearer ${bearer}`, ...more } : more;
}

async function failed(answer: Response): Promise<Refused> {
  const body = (await answer.json().catch(() => ({}))) as { error?: string; code?: string; retry_after?: number };
  return new Refused(body.error ?? `the server answered ${answer.status}`, body.code ?? "", answer.status, body.retry_after);
}

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(address(path), {
      method,
      headers: headers(body === undefined ? {} : { "Content-Type": "application/json" }),
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused("the server cannot be reached", "unreachable", 0);
  }
  if (!answer.ok) throw await failed(answer);
  return ((await answer.json()) as { data: T }).data;
}

export async function bytes(path: string): Promise<ArrayBuffer> {
  const answer = await fetch(address(path), { headers: headers() });
  if (!answer.ok) throw await failed(answer);
  return answer.arrayBuffer();
}

/** Send a form and tell how far it is; only XMLHttpRequest says so. */
export function send<T>(path: string, form: FormData, onShare: (share: number) => void): Promise<T> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", address(path));
    for (const [name, value] of Object.entries(headers({ Prefer: "respond-async" }))) request.setRequestHeader(name, value);
    request.upload.onprogress = (e) => e.lengthComputable && onShare(e.loaded / e.total);
    request.onerror = () => fail(new Refused("the server cannot be reached", "unreachable", 0));
    request.onload = () => {
      try {
        const body = JSON.parse(request.responseText) as { data: T; error?: string; code?: string };
        if (request.status === 200) done(body.data);
        else fail(new Refused(body.error ?? `the server answered ${request.status}`, body.code ?? "", request.status));
      } catch {
        fail(new Refused(`the server answered ${request.status}`, "", request.status));
      }
    };
    request.send(form);
  });
}

const OVER = new Set(["succeeded", "failed", "cancelled", "expired", "awaiting_review"]);
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Follow a job to its end. A cut connection or a server that starts anew is waited out: the job lives in its store. */
export async function follow(jobId: string, onJob: (job: Partial<Job>) => void, stop: AbortSignal): Promise<Job> {
  let last = "0";
  let pause = 250;
  while (!stop.aborted) {
    try {
      for await (const event of events(jobId, last, stop)) {
        last = event.id || last;
        pause = 250;
        onJob(event.data);
        if (event.type === "done") break;
      }
      const job = await call<Job>("GET", `/api/job/${jobId}`);
      onJob(job);
      if (OVER.has(job.status)) return job;
    } catch (problem) {
      const lost = !(problem instanceof Refused) || problem.status === 0 || problem.status >= 500;
      if (!lost) throw problem;
      onJob({ message: "waiting for the server" });
    }
    await wait(pause);
    pause = Math.min(pause * 2, 4000);
  }
  throw new DOMException("not followed any more", "AbortError");
}

interface ServerEvent {
  id: string;
  type: string;
  data: Partial<Job>;
}

async function* events(jobId: string, last: string, stop: AbortSignal): AsyncGenerator<ServerEvent> {
  const answer = await fetch(address(`/api/jobs/${jobId}/events`), {
    headers: headers({ Accept: "text/event-stream", "Last-Event-ID": last }),
    signal: stop,
  });
  if (!answer.ok || !answer.body) throw await failed(answer);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parsed(block);
      if (event) yield event;
    }
  }
}

function parsed(block: string): ServerEvent | null {
  const event: ServerEvent = { id: "", type: "message", data: {} };
  let data = "";
  for (const line of block.split("\n")) {
    const [name, ...rest] = line.split(":");
    const value = rest.join(":").trimStart();
    if (name === "id") event.id = value;
    else if (name === "event") event.type = value;
    else if (name === "data") data += value;
  }
  if (!data) return null;
  const raw = JSON.parse(data) as Partial<Job> & { name?: string };
  event.data = event.type === "stage" ? { stage: raw.name, ...raw } : raw;
  return event;
}

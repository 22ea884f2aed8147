// From a request to a result: send, follow, show; cancel on the way.

import { call, follow, send, Refused, type Job, type Result } from "./api";
import { followed, original, problem, result, running, tell, uploaded } from "./state";

let stop = new AbortController();

interface Accepted extends Result {
  status?: string;
}

/** Send a mesh with its choices. */
export async function sendMesh(path: string, file: File, choices: Record<string, string>): Promise<void> {
  begin(file);
  const form = new FormData();
  form.append("file", file, file.name);
  const query = new URLSearchParams(choices).toString();
  await finish(() => send<Accepted>(`${path}?${query}`, form, (share) => (uploaded.value = share)));
}

/** Ask for a job by JSON. */
export async function ask(path: string, body: Record<string, unknown>, keepOriginal = false): Promise<void> {
  begin(keepOriginal ? original.value : null);
  await finish(() => call<Accepted>("POST", path, body));
}

function begin(file: File | null): void {
  stop.abort();
  stop = new AbortController();
  problem.value = "";
  result.value = null;
  original.value = file;
  running.value = { job_id: "", message: file ? "sending" : "waiting", progress: 0 };
}

async function finish(start: () => Promise<Accepted>): Promise<void> {
  try {
    const answer = await start();
    uploaded.value = null;
    if (answer.export_id) result.value = answer;
    else await resume(answer.job_id);
  } catch (error) {
    tell(error);
  } finally {
    running.value = null;
    uploaded.value = null;
  }
}

/** Follow a job that is already on its way. */
export async function resume(jobId: string): Promise<void> {
  followed.set(jobId);
  running.value = { job_id: jobId, progress: 0, message: "waiting" };
  try {
    const job = await follow(jobId, (news) => (running.value = { ...running.value, ...news, job_id: jobId }), stop.signal);
    show(job);
  } finally {
    followed.set(null);
    running.value = null;
  }
}

export function show(job: Job): void {
  if (job.status === "succeeded" && job.result) result.value = job.result;
  else if (job.status === "cancelled") problem.value = "The job was cancelled.";
  else if (job.status === "awaiting_review") problem.value = "The result waits for a review; see Jobs.";
  else throw new Refused(job.error?.message ?? `the job ended as ${job.status}`, job.error?.code ?? "", 0);
}

export async function cancel(): Promise<void> {
  const id = running.value?.job_id;
  if (id) await call("POST", `/api/jobs/${id}/cancel`);
}

// What is kept and what goes on: the gallery, jobs, the service.

import { useEffect, useState } from "preact/hooks";
import { call, type Job, type Result } from "./api";
import { resume, show } from "./making";
import { attempt, page, result, tell } from "./state";

interface Asset {
  asset_id: string;
  name: string;
  category: string;
  visibility: string;
  created_at: string;
  thumbnail_url: string | null;
}

/** Load something at first and when told; null while it is on its way. */
function useLoaded<T>(path: string): [T | null, () => void] {
  const [data, setData] = useState<T | null>(null);
  const load = () => void call<T>("GET", path).then(setData, tell);
  useEffect(load, [path]);
  return [data, load];
}

function day(text: string | null): string {
  return text ? new Date(text).toLocaleString() : "";
}

export function Gallery() {
  const [data, reload] = useLoaded<{ assets: Asset[]; total: number }>("/api/gallery/my-assets?limit=100");
  const open = (asset: Asset) =>
    attempt(async () => {
      const found = await call<Asset & { download_url: string; contract: Record<string, unknown> }>(
        "GET",
        `/api/gallery/${asset.asset_id}`,
      );
      const exportId = found.download_url.split("/").pop() ?? "";
      result.value = { job_id: "", export_id: exportId, asset_id: asset.asset_id, contract: found.contract } as Result;
      location.hash = "#/make";
      page.value = "make";
    });
  const remove = (asset: Asset) =>
    attempt(async () => {
      await call("POST", "/api/gallery/delete", { asset_id: asset.asset_id });
      reload();
    });
  if (!data) return <p role="status">Loading</p>;
  return (
    <section aria-label="Gallery">
      <h1>Gallery</h1>
      {!data.assets.length && <p>Nothing yet: what you make is kept here.</p>}
      <ul class="cards">
        {data.assets.map((asset) => (
          <li key={asset.asset_id}>
            {asset.thumbnail_url ? <img src={asset.thumbnail_url} alt="" loading="lazy" /> : <div class="empty" />}
            <strong>{asset.name}</strong>
            <span>
              {asset.category}, {day(asset.created_at)}
            </span>
            <div class="axis-row">
              <button type="button" onClick={open(asset)}>
                Open
              </button>
              <button type="button" aria-label={`Delete ${asset.name}`} onClick={remove(asset)}>
                Delete
              </button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Jobs() {
  const [data, reload] = useLoaded<{ jobs: Job[] }>("/api/jobs?limit=50");
  useEffect(() => {
    const timer = setInterval(reload, 3000);
    return () => clearInterval(timer);
  }, []);
  const open = (job: Job) =>
    attempt(async () => {
      location.hash = "#/make";
      page.value = "make";
      if (job.status === "succeeded") show(job);
      else await resume(job.job_id);
    });
  const cancel = (job: Job) =>
    attempt(async () => {
      await call("POST", `/api/jobs/${job.job_id}/cancel`);
      reload();
    });
  if (!data) return <p role="status">Loading</p>;
  return (
    <section aria-label="Jobs">
      <h1>Jobs</h1>
      {!data.jobs.length && <p>None yet.</p>}
      <table>
        <thead>
          <tr>
            <th>Kind</th>
            <th>Status</th>
            <th>Progress</th>
            <th>Begun</th>
            <th>
              <span class="hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.jobs.map((job) => (
            <tr key={job.job_id}>
              <td>{job.kind}</td>
              <td title={job.error?.message ?? ""}>{job.status.replace(/_/g, " ")}</td>
              <td>{job.progress} %</td>
              <td>{day(job.created_at)}</td>
              <td class="axis-row">
                {job.status === "succeeded" && job.result?.export_id && (
                  <button type="button" onClick={open(job)}>
                    Open
                  </button>
                )}
                {["queued", "running"].includes(job.status) && (
                  <button type="button" onClick={cancel(job)}>
                    Cancel
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Status {
  version: string;
  uptime_s: number;
  queue: { queued: number; running: number; limit: number };
  workers: { local: number; byogpu_online: number };
  accepting: boolean;
}

interface Provider {
  name: string;
  summary: string;
  available: boolean;
  reason: string;
  modes: string[];
}

export function ServicePage() {
  const [status] = useLoaded<Status>("/api/status");
  const [providers] = useLoaded<{ providers: Provider[] }>("/api/foundry/providers");
  if (!status || !providers) return <p role="status">Loading</p>;
  return (
    <section aria-label="Service">
      <h1>Service</h1>
      <dl class="axis-facts">
        <dt>Version</dt>
        <dd>{status.version}</dd>
        <dt>Takes work</dt>
        <dd>{status.accepting ? "yes" : "no"}</dd>
        <dt>Queue</dt>
        <dd>
          {status.queue.queued} waiting, {status.queue.running} running, at most {status.queue.limit}
        </dd>
        <dt>Workers</dt>
        <dd>
          {status.workers.local} here, {status.workers.byogpu_online} elsewhere
        </dd>
      </dl>
      <h2>Providers</h2>
      <ul class="findings">
        {providers.providers.map((p) => (
          <li key={p.name}>
            <strong>{p.name}</strong> {p.available ? "available" : `not available: ${p.reason}`}. {p.summary}
          </li>
        ))}
      </ul>
    </section>
  );
}

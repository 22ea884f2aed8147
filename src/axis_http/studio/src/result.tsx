// What was made: the avatar, what was found in it, its record, its files, its joints.

import { useState } from "preact/hooks";
import type { Viewer } from "axis-viewer/viewer";
import { bytes, call, type Finding, type Result } from "./api";
import { ask } from "./making";
import { attempt, original, result } from "./state";
import { Viewport } from "./viewport";

const TABS = ["Report", "Files", "Joints", "Record"] as const;
type Tab = (typeof TABS)[number];
type Marks = Record<string, [number, number, number]>;

export function ResultView({ made }: { made: Result }) {
  const [tab, setTab] = useState<Tab>("Report");
  const [marks, setMarks] = useState<Marks>({});
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const exportId = made.export_id ?? "";
  return (
    <section class="result" aria-label="Result">
      <Viewport key={exportId} exportId={exportId} before={original.value} onMarkers={setMarks} onReady={setViewer} />
      <div class="tabs" role="tablist" aria-label="About the result">
        {TABS.map((name) => (
          <button type="button" role="tab" key={name} aria-selected={tab === name} onClick={() => setTab(name)}>
            {name}
          </button>
        ))}
        <button type="button" class="end" onClick={() => (result.value = null)}>
          Make another
        </button>
      </div>
      <div class="panel" role="tabpanel" aria-label={tab}>
        {tab === "Report" && <Report made={made} />}
        {tab === "Files" && <Files made={made} />}
        {tab === "Joints" && <Joints made={made} marks={marks} viewer={viewer} />}
        {tab === "Record" && <pre class="record">{JSON.stringify(made.contract ?? {}, null, 2)}</pre>}
      </div>
    </section>
  );
}

interface Suggestion {
  id: string;
  type: string;
  reason: string;
  lossy: boolean;
  auto_fixable: boolean;
}

function Report({ made }: { made: Result }) {
  const [suggested, setSuggested] = useState<Suggestion[] | null>(null);
  const quality = made.quality;
  const look = attempt(async () => {
    const found = await call<{ suggestions: Suggestion[] }>("POST", "/api/repair/suggest", { export_id: made.export_id });
    setSuggested(found.suggestions);
  });
  const mend = (type: string) =>
    attempt(() => ask("/api/process", { source: { export_id: made.export_id }, repair: [type] }, true));
  return (
    <div>
      <Understood made={made} />
      {quality && (
        <p>
          Quality <strong>{quality.score}</strong> of 100, grade <strong>{quality.grade}</strong>
        </p>
      )}
      {[...(made.notes ?? []), ...(made.warnings ?? [])].map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
      <FindingList issues={quality?.issues ?? []} />
      {suggested === null ? (
        <button type="button" onClick={look}>
          What could be repaired?
        </button>
      ) : (
        <ul class="suggestions">
          {suggested.length === 0 && <li>Nothing.</li>}
          {suggested.map((s) => (
            <li key={s.id}>
              <span>
                {s.reason} {s.lossy && <em>Loses detail.</em>}
              </span>
              <button type="button" onClick={mend(s.type)}>
                {s.type.replace(/_/g, " ")}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Understood({ made }: { made: Result }) {
  const unmatched = made.parsed?.unmatched ?? [];
  if (!made.parsed) return null;
  return (
    <p class="note">
      {unmatched.length ? `Not understood: ${unmatched.join(", ")}.` : "Every word of the description was understood."}
    </p>
  );
}

function FindingList({ issues }: { issues: Finding[] }) {
  if (!issues.length) return <p>No findings.</p>;
  return (
    <ul class="findings">
      {issues.slice(0, 50).map((issue, k) => (
        <li key={k} class={issue.severity}>
          <span class="severity">{issue.severity}</span> {issue.message} <code>{issue.pointer}</code>
          {issue.why && <span class="why"> {issue.why}</span>}
        </li>
      ))}
      {issues.length > 50 && <li>and {issues.length - 50} more, in the report among the files</li>}
    </ul>
  );
}

const FORMATS = ["glb", "gltf", "obj", "stl"];

function Files({ made }: { made: Result }) {
  const save = (path: string, name: string) =>
    attempt(async () => {
      const url = URL.createObjectURL(new Blob([await bytes(path)]));
      const link = Object.assign(document.createElement("a"), { href: url, download: name });
      link.click();
      URL.revokeObjectURL(url);
    });
  const levels = (made.contract?.lods as { file: string; triangle_count: number }[] | undefined) ?? [];
  const id = made.export_id ?? "";
  return (
    <div>
      <div class="axis-row">
        {FORMATS.map((format) => (
          <button
            type="button"
            key={format}
            onClick={save(`/api/export/${id}?format=${format}`, `avatar.${format === "obj" ? "zip" : format}`)}
          >
            Download {format.toUpperCase()}
          </button>
        ))}
      </div>
      <ul class="files">
        {levels.map((level) => (
          <li key={level.file}>
            <button type="button" onClick={save(`/api/exports/${id}/files/${level.file}`, level.file)}>
              {level.file}
            </button>{" "}
            {level.triangle_count.toLocaleString("en")} triangles
          </li>
        ))}
        {["contract.json", "report.json"].map((name) => (
          <li key={name}>
            <button type="button" onClick={save(`/api/exports/${id}/files/${name}`, name)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Joints({ made, marks, viewer }: { made: Result; marks: Marks; viewer: Viewer | null }) {
  const names = Object.keys(marks);
  const again = attempt(() =>
    ask("/api/rig", { source: { export_id: made.export_id }, force: true, markers: marks }, true),
  );
  const rename = attempt(() => ask("/api/rig", { source: { export_id: made.export_id }, force: true }, true));
  return (
    <div>
      <p>Tick Skeleton above, drag joints to where they belong, then rig anew. Left and right move together.</p>
      <label class="axis-tick">
        <input
          type="checkbox"
          checked
          onChange={(e) => viewer && (viewer.mirror = (e.target as HTMLInputElement).checked)}
        />
        Mirror
      </label>
      {names.length > 0 && (
        <ul class="marks">
          {names.map((name) => (
            <li key={name}>
              {name} {marks[name].map((v) => v.toFixed(3)).join(", ")}
            </li>
          ))}
        </ul>
      )}
      <div class="axis-row">
        <button type="button" disabled={!names.length} onClick={again}>
          Rig anew with {names.length} {names.length === 1 ? "joint" : "joints"}
        </button>
        <button type="button" disabled={!names.length} onClick={() => viewer?.clearMarkers()}>
          Put them back
        </button>
        <button type="button" onClick={rename}>
          Rig anew without
        </button>
      </div>
    </div>
  );
}

// Three ways in: a mesh, words and sliders, photos.

import { signal } from "@preact/signals";
import { useEffect, useId, useState } from "preact/hooks";
import { call } from "./api";
import { Person } from "./person";
import { cancel, sendMesh } from "./making";
import { Photos } from "./photos";
import { ResultView } from "./result";
import { attempt, result, running, tell, uploaded } from "./state";

const WAYS = ["A mesh", "Words and sliders", "Photos"] as const;
const way = signal<(typeof WAYS)[number]>("A mesh");
export const PLATFORMS = ["", "unity", "unreal", "godot", "roblox", "axis_engine"];
export const TIERS = [
  "mobile_light",
  "mobile_standard",
  "web_vr",
  "desktop_standard",
  "desktop_high",
  "film_vfx",
  "ultra_hd",
];

export function Make() {
  if (running.value) return <Progress />;
  if (result.value) return <ResultView made={result.value} />;
  return (
    <section class="make" aria-label="Make">
      <div class="tabs" role="tablist" aria-label="What to begin with">
        {WAYS.map((name) => (
          <button
            type="button"
            role="tab"
            key={name}
            aria-selected={way.value === name}
            onClick={() => (way.value = name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" aria-label={way.value}>
        {way.value === "A mesh" && <Mesh />}
        {way.value === "Words and sliders" && <Person />}
        {way.value === "Photos" && <Photos />}
      </div>
    </section>
  );
}

export function Choice(props: { name: string; value: string; options: string[]; onPick: (value: string) => void }) {
  const id = useId();
  return (
    <div class="choice">
      <label for={id}>{props.name}</label>
      <select id={id} value={props.value} onChange={(e) => props.onPick((e.target as HTMLSelectElement).value)}>
        {props.options.map((o) => (
          <option key={o} value={o}>
            {o ? o.replace(/_/g, " ") : "none"}
          </option>
        ))}
      </select>
    </div>
  );
}

interface Limits {
  id: string;
  name: string;
  max_triangles: number;
  max_texture: number;
  max_influences: number;
  skeleton: string;
}

const limits = signal<Limits[]>([]);

/** What a platform takes, in a sentence. */
export function PlatformLimits({ platform }: { platform: string }) {
  useEffect(() => {
    if (!limits.value.length)
      call<{ platforms: Limits[] }>("GET", "/api/platforms").then((d) => (limits.value = d.platforms), tell);
  }, []);
  const found = limits.value.find((l) => l.id === platform);
  if (!found) return <p class="note">No platform: bones have their VRM 1.0 names, and no limits but those of the tier.</p>;
  return (
    <p class="note">
      {found.name}: at most {found.max_triangles.toLocaleString("en")} triangles, textures of {found.max_texture} pixels,{" "}
      {found.max_influences} joints a vertex; skeleton {found.skeleton}.
    </p>
  );
}

function Mesh() {
  const [platform, setPlatform] = useState("unity");
  const [tier, setTier] = useState("desktop_standard");
  const [profile, setProfile] = useState("default");
  const [over, setOver] = useState(false);
  const take = (file: File | undefined) =>
    file && attempt(() => sendMesh("/api/process", file, { platform, polygon_tier: tier, profile }))();
  const dropped = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    void take(e.dataTransfer?.files[0]);
  };
  return (
    <div class="mesh">
      <div class="choices">
        <Choice name="Platform" value={platform} options={PLATFORMS} onPick={setPlatform} />
        <Choice name="Polygon tier" value={tier} options={TIERS} onPick={setTier} />
        <Choice name="Checks" value={profile} options={["default", "strict", "lenient"]} onPick={setProfile} />
      </div>
      <PlatformLimits platform={platform} />
      <label
        class={over ? "drop over" : "drop"}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        <strong>Drop a character here</strong>
        <span>or choose a file: glb, gltf, vrm, obj, stl, ply, zip</span>
        <input
          type="file"
          aria-label="Character file"
          accept=".glb,.gltf,.vrm,.obj,.stl,.ply,.zip,.fbx,.usdz"
          onChange={(e) => void take((e.target as HTMLInputElement).files?.[0])}
        />
      </label>
    </div>
  );
}

function Progress() {
  const job = running.value;
  const share = uploaded.value;
  const percent = share === null ? (job?.progress ?? 0) : Math.round(share * 100);
  const words = share === null ? (job?.stage ?? job?.message ?? "waiting") : "sending";
  return (
    <section class="progress" aria-label="Progress">
      <p role="status">{words.replace(/_/g, " ")}</p>
      <progress max={100} value={percent} aria-label="Progress">
        {percent} %
      </progress>
      <button type="button" disabled={!job?.job_id} onClick={attempt(cancel)}>
        Cancel
      </button>
    </section>
  );
}

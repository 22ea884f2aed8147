// A person from words, presets and sliders; every change can be undone.

import { signal } from "@preact/signals";
import { useEffect, useId, useState } from "preact/hooks";
import { call } from "./api";
import { Choice, PlatformLimits, PLATFORMS, TIERS } from "./make";
import { ask } from "./making";
import { attempt, tell } from "./state";

interface Slider {
  id: string;
  area: "body" | "face";
  group: string;
  minimum: number;
  maximum: number;
}

interface Preset {
  id: string;
  summary: string;
}

type Values = Record<string, number>;

const MAIN: [string, string, number, number, number, number][] = [
  ["age_years", "Age", 4, 90, 30, 1],
  ["height_m", "Height in metres", 1, 2.2, 1.7, 0.01],
  ["gender", "From female to male", 0, 1, 0.5, 0.01],
  ["weight", "Weight", 0, 1, 0.5, 0.01],
  ["muscle", "Muscle", 0, 1, 0.5, 0.01],
];

const presets = signal<Preset[]>([]);
const sliders = signal<Slider[]>([]);
const preset = signal("neutral");
const prompt = signal("");
const values = signal<Values>({});
const past = signal<Values[]>([]);
const seed = signal(0);

function change(next: Values): void {
  past.value = [...past.value.slice(-99), values.value];
  values.value = next;
}

function undo(): void {
  const before = past.value.at(-1);
  if (!before) return;
  values.value = before;
  past.value = past.value.slice(0, -1);
}

function randomise(): void {
  const next: Values = {};
  for (const [name, , low, high, , step] of MAIN) next[name] = Math.round((low + Math.random() * (high - low)) / step) * step;
  next.height_m = Math.round((1.5 + Math.random() * 0.4) * 100) / 100;
  next.age_years = Math.round(18 + Math.random() * 60);
  for (const s of sliders.value)
    if (Math.random() < 0.3) next[`${s.area}:${s.id}`] = Math.round((Math.random() - 0.5) * 100) / 100;
  seed.value = Math.floor(Math.random() * 1e6);
  change(next);
}

/** The request's parameters: main values beside the two groups of proportions. */
export function parameters(given: Values): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const body: Values = {};
  const face: Values = {};
  for (const [name, value] of Object.entries(given)) {
    const [area, id] = name.split(":");
    if (id === undefined) out[name] = value;
    else (area === "face" ? face : body)[id] = value;
  }
  if (Object.keys(body).length) out.body_proportions = body;
  if (Object.keys(face).length) out.face_proportions = face;
  return out;
}

export function Person() {
  const [platform, setPlatform] = useState("");
  const [tier, setTier] = useState("web_vr");
  useEffect(() => {
    if (presets.value.length) return;
    call<{ presets: Preset[] }>("GET", "/api/presets").then((d) => (presets.value = d.presets), tell);
    call<{ sliders: Slider[] }>("GET", "/api/body/sliders").then((d) => (sliders.value = d.sliders), tell);
  }, []);
  const make = attempt(() =>
    ask("/api/generate", {
      async: true,
      preset: preset.value,
      ...(prompt.value.trim() ? { prompt: prompt.value.trim() } : {}),
      parameters: parameters(values.value),
      seed: seed.value,
      morph_targets: true,
      lods: true,
      polygon_tier: tier,
      ...(platform ? { platform } : {}),
      animations: ["idle", "walk", "wave"],
    }),
  );
  return (
    <form
      class="person"
      onSubmit={(e) => {
        e.preventDefault();
        void make();
      }}
    >
      <label class="prompt">
        <span>Describe the person</span>
        <textarea
          rows={3}
          maxLength={2000}
          placeholder="a tall athletic woman in her fifties with short grey hair and a green jacket"
          value={prompt.value}
          onInput={(e) => (prompt.value = (e.target as HTMLTextAreaElement).value)}
        />
      </label>
      <div class="choices">
        <Choice
          name="Begin with"
          value={preset.value}
          options={presets.value.map((p) => p.id)}
          onPick={(v) => (preset.value = v)}
        />
        <Choice name="Platform" value={platform} options={PLATFORMS} onPick={setPlatform} />
        <Choice name="Polygon tier" value={tier} options={TIERS} onPick={setTier} />
      </div>
      <PlatformLimits platform={platform} />
      <p class="note">{presets.value.find((p) => p.id === preset.value)?.summary}</p>
      <div class="axis-row">
        <button type="submit" class="main">
          Make this person
        </button>
        <button type="button" onClick={randomise}>
          Randomise
        </button>
        <button type="button" disabled={!past.value.length} onClick={undo}>
          Undo
        </button>
        <button type="button" disabled={!Object.keys(values.value).length} onClick={() => change({})}>
          Reset
        </button>
      </div>
      <fieldset>
        <legend>Body</legend>
        {MAIN.map(([name, label, low, high, middle, step]) => (
          <Range key={name} name={name} label={label} low={low} high={high} middle={middle} step={step} />
        ))}
      </fieldset>
      {groups().map(([group, members]) => (
        <details key={group}>
          <summary>
            {group} ({members.length})
          </summary>
          {members.map((s) => (
            <Range
              key={s.id}
              name={`${s.area}:${s.id}`}
              label={s.id.replace(/_/g, " ")}
              low={s.minimum}
              high={s.maximum}
              middle={0}
              step={0.01}
            />
          ))}
        </details>
      ))}
    </form>
  );
}

function groups(): [string, Slider[]][] {
  const found = new Map<string, Slider[]>();
  for (const s of sliders.value) {
    const name = `${s.area}: ${s.group}`;
    found.set(name, [...(found.get(name) ?? []), s]);
  }
  return [...found];
}

function Range(props: { name: string; label: string; low: number; high: number; middle: number; step: number }) {
  const value = values.value[props.name];
  const id = useId();
  return (
    <div class="range">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        type="range"
        min={props.low}
        max={props.high}
        step={props.step}
        value={value ?? props.middle}
        onChange={(e) => change({ ...values.value, [props.name]: (e.target as HTMLInputElement).valueAsNumber })}
      />
      <output>{value === undefined ? "as it comes" : String(Math.round(value * 100) / 100)}</output>
    </div>
  );
}

// Photos of a person or a thing, each with the side it shows.

import { useState } from "preact/hooks";
import { Choice } from "./make";
import { ask } from "./making";
import { attempt } from "./state";

const VIEWS = ["front", "left", "right", "back", "three_quarter"];
const LOOK = { platform: "unity", texture_resolution: 1024 };

interface Photo {
  file: File;
  view: string;
}

async function encoded(file: File): Promise<string> {
  const data = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let k = 0; k < data.length; k += 0x8000) text += String.fromCharCode(...data.subarray(k, k + 0x8000));
  return btoa(text);
}

export function Photos() {
  const [photos, setPhotos] = useState<Photo[]>([]);
  const add = (files: FileList | null) => {
    const found = [...(files ?? [])].map((file, k) => ({ file, view: VIEWS[(photos.length + k) % VIEWS.length] }));
    setPhotos([...photos, ...found].slice(0, 8));
  };
  const make = attempt(async () => {
    const images = await Promise.all(
      photos.map(async (p) => ({ image_b64: await encoded(p.file), view_label: p.view })),
    );
    if (images.length === 1) await ask("/api/generate-from-image", { image_b64: images[0].image_b64, ...LOOK });
    else await ask("/api/generate-from-views", { views: images, ...LOOK });
  });
  return (
    <div class="photos">
      <label class="drop">
        <strong>Choose photos</strong>
        <span>one from the front, or several of the same person: PNG, JPEG or WebP</span>
        <input
          type="file"
          aria-label="Photos"
          accept="image/png,image/jpeg,image/webp"
          multiple
          onChange={(e) => add((e.target as HTMLInputElement).files)}
        />
      </label>
      <ul>
        {photos.map((photo, k) => (
          <li key={`${photo.file.name}${k}`}>
            <span>{photo.file.name}</span>
            <Choice
              name="View"
              value={photo.view}
              options={VIEWS}
              onPick={(view) => setPhotos(photos.map((p, i) => (i === k ? { ...p, view } : p)))}
            />
            <button type="button" onClick={() => setPhotos(photos.filter((_, i) => i !== k))}>
              Remove
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="main" disabled={!photos.length} onClick={make}>
        Make this person
      </button>
    </div>
  );
}

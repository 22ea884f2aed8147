// What three.js's GLTFLoader makes of files: node read_three.mjs FILE... writes NAME.three.json beside each.
// Needs `three` where node finds it (a folder with node_modules above the working directory, or NODE_PATH by a link).
import fs from "node:fs";
import * as THREE from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";

globalThis.self = globalThis;
globalThis.createImageBitmap = async () => ({ width: 4, height: 4, close() {} });

function positions(scene) {
  const out = [];
  scene.updateMatrixWorld(true);
  scene.traverse((o) => {
    if (!o.isMesh) return;
    if (o.isSkinnedMesh) o.skeleton.update();
    const v = new THREE.Vector3();
    for (let i = 0; i < o.geometry.attributes.position.count; i++) {
      o.getVertexPosition(i, v);
      v.applyMatrix4(o.matrixWorld);
      out.push(v.x, v.y, v.z);
    }
  });
  return out;
}

function found(gltf) {
  const joints = {}, morphs = new Set(), materials = new Set(), weights = {};
  let triangles = 0;
  gltf.scene.updateMatrixWorld(true);
  gltf.scene.traverse((o) => {
    if (!o.isMesh) return;
    triangles += o.geometry.index.count / 3;
    materials.add(o.material.uuid);
    Object.keys(o.morphTargetDictionary ?? {}).forEach((k) => morphs.add(k));
    if (!o.isSkinnedMesh) return;
    o.skeleton.bones.forEach((b) => (joints[b.userData.name ?? b.name] = new THREE.Vector3().setFromMatrixPosition(b.matrixWorld).toArray()));
    const { skinIndex, skinWeight } = o.geometry.attributes, index = o.geometry.index;
    for (let c = 0; c < index.count; c++) {
      const v = index.getX(c);
      for (let k = 0; k < 4; k++) {
        const bone = o.skeleton.bones[skinIndex.getComponent(v, k)];
        const name = bone.userData.name ?? bone.name;
        weights[name] = (weights[name] ?? 0) + skinWeight.getComponent(v, k);
      }
    }
  });
  return { joints: Object.keys(joints).sort(), joint_positions: joints, triangles, morphs: [...morphs].sort(),
    clips: gltf.animations.map((a) => a.name).sort(), materials: materials.size, weights };
}

await MeshoptDecoder.ready;
for (const file of process.argv.slice(2)) {
  const data = fs.readFileSync(file), stem = file.replace(/\.[a-z]+$/, "");
  const expected = JSON.parse(fs.readFileSync(stem + ".json", "utf8"));
  const loader = new GLTFLoader();
  loader.setMeshoptDecoder(MeshoptDecoder);
  const gltf = await loader.parseAsync(data.buffer.slice(data.byteOffset, data.byteOffset + data.length), "");
  const told = { ...found(gltf), rest: positions(gltf.scene) };
  if (expected.clip) {
    const mixer = new THREE.AnimationMixer(gltf.scene);
    mixer.clipAction(gltf.animations.find((a) => a.name === expected.clip)).play();
    mixer.setTime(expected.time);
    told.posed = positions(gltf.scene);
  }
  fs.writeFileSync(stem + ".three.json", JSON.stringify(told));
}

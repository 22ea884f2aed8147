# What Godot makes of GLB files in its project: godot3-server --path PROJECT -s read_godot.gd prints one JSON a file.
extends SceneTree

func _init():
	var folder = Directory.new()
	folder.open("res://")
	folder.list_dir_begin(true)
	var name = folder.get_next()
	while name != "":
		if name.ends_with(".glb"):
			print("FOUND ", to_json(read(name)))
		name = folder.get_next()
	quit()

func read(name):
	var told = {"file": name, "joints": [], "joint_positions": {}, "triangles": 0, "morphs": {}, "clips": [], "low": null, "high": null}
	var packed = load("res://" + name)
	if packed == null:
		return told
	var scene = packed.instance()
	walk(scene, Transform(), told)
	told["joints"].sort()
	told["morphs"] = told["morphs"].keys()
	return told

func walk(node, above, told):
	var here = above
	if node is Spatial:
		here = above * node.transform
	if node is Skeleton:
		for b in range(node.get_bone_count()):
			told["joints"].append(node.get_bone_name(b))
			var p = (here * node.get_bone_global_pose(b)).origin
			told["joint_positions"][node.get_bone_name(b)] = [p.x, p.y, p.z]
	if node is MeshInstance:
		var mesh = node.mesh
		for s in range(mesh.get_surface_count()):
			var arrays = mesh.surface_get_arrays(s)
			told["triangles"] += arrays[Mesh.ARRAY_INDEX].size() / 3
			for v in arrays[Mesh.ARRAY_VERTEX]:
				if told["low"] == null:
					told["low"] = [v.x, v.y, v.z]
					told["high"] = [v.x, v.y, v.z]
				for k in range(3):
					told["low"][k] = min(told["low"][k], v[k])
					told["high"][k] = max(told["high"][k], v[k])
		for k in range(mesh.get_blend_shape_count()):
			told["morphs"][mesh.get_blend_shape_name(k)] = 1
	if node is AnimationPlayer:
		for clip in node.get_animation_list():
			told["clips"].append(clip)
	for child in node.get_children():
		walk(child, here, told)

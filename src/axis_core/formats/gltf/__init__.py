"""glTF 2.0, read from raw JSON and bytes and written back: GLB, .gltf and VRM.

Reading: ``container`` and ``document`` open the file, ``accessors`` gives arrays, ``meshes`` (with ``primitives``),
``nodes``, ``textures``, ``materials`` and ``animations`` make nouns of them, ``read`` puts them together.
Writing: ``plan`` decides what is written, ``pack`` fills the buffer, ``vertex_data`` makes arrays conform, and the
``write_*`` files print the objects.
"""

"""Photos to bodies: fits of shape, pose and face, colours, textures, and hulls of objects.

::

    bytes -> vision.read_photo -> vision.look_at -> Evidence -> fit_body, fit_face, read_looks -> AvatarRecipe
                                                               build -> Scene -> bake_face -> Scene
"""

"""Looking at photos: networks of the ``vision`` pack (``axis assets install vision``) find people, faces and poses.

::

    bytes -> read_photo -> Photo -> look_at -> Sighting (mask, face landmarks, pose landmarks, warnings)
"""

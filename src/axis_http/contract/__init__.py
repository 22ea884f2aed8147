"""The HTTP contract (``openapi.json``, as it was given) and our overlay; together they are the served document."""

"""What is kept: one SQLite file in WAL mode through sqlite-utils, and a folder of content-addressed blobs."""

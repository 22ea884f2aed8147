"""The built-in commands, one a file; each module holds ``command``. ``axis_core.cli.table`` lists them."""

"""HTTP endpoints: parse, one call, map."""

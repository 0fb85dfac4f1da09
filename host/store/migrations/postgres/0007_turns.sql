-- A host that others keep coming before takes a turn: for that long only its commits take place in the group.
ALTER TABLE groups ADD COLUMN turn BYTEA, ADD COLUMN turn_until TIMESTAMPTZ;

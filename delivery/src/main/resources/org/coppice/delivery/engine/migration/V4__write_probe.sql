-- One row that nodes write to see whether they can: a database may answer reads and take no writes.
CREATE TABLE write_probe (
  id      INTEGER NOT NULL PRIMARY KEY,
  written BIGINT  NOT NULL
);
INSERT INTO write_probe (id, written) VALUES (1, 0);

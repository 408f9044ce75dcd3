-- One schema for SQLite and PostgreSQL; ${bytes} is BLOB on the one and BYTEA on the other.
-- Times are milliseconds since 1970-01-01T00:00:00Z. docs/DELIVERY.md explains the tables.

-- Who may log in.

CREATE TABLE user_account (
  user_name  TEXT   NOT NULL PRIMARY KEY,
  since      BIGINT NOT NULL
);

CREATE TABLE client (
  client     TEXT   NOT NULL PRIMARY KEY,
  user_name  TEXT   NOT NULL,
  inbox_head BIGINT NOT NULL,
  since      BIGINT NOT NULL
);
CREATE INDEX client_of_user ON client (user_name);

-- Every credential that a client has had; one is in force for a cipher suite.
CREATE TABLE credential (
  client        TEXT    NOT NULL,
  cipher_suite  INTEGER NOT NULL,
  signature_key ${bytes} NOT NULL,
  credential    ${bytes} NOT NULL,
  in_force      INTEGER NOT NULL,
  since         BIGINT  NOT NULL,
  PRIMARY KEY (client, cipher_suite, signature_key)
);

-- Tokens by their hashes.
CREATE TABLE token (
  hash    ${bytes} NOT NULL PRIMARY KEY,
  client  TEXT     NOT NULL,
  expires BIGINT   NOT NULL
);
CREATE INDEX token_of_client ON token (client);
CREATE INDEX token_expiry ON token (expires);

-- Challenges that were answered, until they expire by themselves.
CREATE TABLE used_challenge (
  challenge ${bytes} NOT NULL PRIMARY KEY,
  expires   BIGINT   NOT NULL
);

-- What all nodes share: the key that challenges are made with.
CREATE TABLE node_secret (
  name  TEXT     NOT NULL PRIMARY KEY,
  value ${bytes} NOT NULL
);

-- Key packages.

-- Every key package ever published, until nobody can use it any more: routes Welcomes, and keeps init keys unique.
CREATE TABLE key_package_ref (
  ref      ${bytes} NOT NULL PRIMARY KEY,
  init_key ${bytes} NOT NULL UNIQUE,
  client   TEXT     NOT NULL,
  expires  BIGINT   NOT NULL
);
CREATE INDEX key_package_ref_expiry ON key_package_ref (expires);

-- What members of a group must look at before they want one.
CREATE TABLE key_package_profile (
  profile         ${bytes} NOT NULL PRIMARY KEY,
  capabilities    ${bytes} NOT NULL,
  credential_type INTEGER  NOT NULL
);

-- Those that can still be claimed.
CREATE TABLE key_package (
  ref           ${bytes} NOT NULL PRIMARY KEY,
  client        TEXT     NOT NULL,
  cipher_suite  INTEGER  NOT NULL,
  last_resort   INTEGER  NOT NULL,
  profile       ${bytes} NOT NULL,
  signature_key ${bytes} NOT NULL,
  not_before    BIGINT   NOT NULL,
  not_after     BIGINT   NOT NULL,
  published     BIGINT   NOT NULL,
  uses          BIGINT   NOT NULL,
  message       ${bytes} NOT NULL
);
CREATE INDEX key_package_stock ON key_package (client, cipher_suite, last_resort, not_after);
CREATE INDEX key_package_expiry ON key_package (not_after);

-- Groups.

-- No index but its key: PostgreSQL updates a row in its place only if no index has a column that changes, and each append changes one.
CREATE TABLE grp (
  group_id     ${bytes} NOT NULL PRIMARY KEY,
  epoch        BIGINT   NOT NULL,
  head_seq     BIGINT   NOT NULL,
  first_seq    BIGINT   NOT NULL,
  cipher_suite INTEGER  NOT NULL,
  settings     ${bytes} NOT NULL,
  ended        INTEGER  NOT NULL,
  -- The Commit that began the epoch, who sent it, and whether anybody else has shown to be in the epoch.
  commit_seq   BIGINT   NOT NULL,
  committer    TEXT     NOT NULL,
  confirmed    INTEGER  NOT NULL,
  -- The last Commit, proposal or VOID: what a mirror of the group has to know.
  handshake_seq BIGINT  NOT NULL,
  -- The oldest epoch whose tree can still be put together.
  tree_floor   BIGINT   NOT NULL,
  moved        BIGINT   NOT NULL
);

CREATE TABLE log (
  group_id ${bytes} NOT NULL,
  seq      BIGINT   NOT NULL,
  kind     INTEGER  NOT NULL,
  epoch    BIGINT   NOT NULL,
  time     BIGINT   NOT NULL,
  message  ${bytes} NOT NULL,
  PRIMARY KEY (group_id, seq)
);

CREATE TABLE group_info (
  group_id ${bytes} NOT NULL,
  epoch    BIGINT   NOT NULL,
  message  ${bytes} NOT NULL,
  PRIMARY KEY (group_id, epoch)
);

-- Trees of groups that the service cannot follow, as their members hand them in.
CREATE TABLE group_tree (
  group_id ${bytes} NOT NULL,
  epoch    BIGINT   NOT NULL,
  tree     ${bytes} NOT NULL,
  PRIMARY KEY (group_id, epoch)
);

-- The public state of groups that the service follows, in versions: a record has the value of the newest epoch that is not
-- later than the one asked for; NULL says that it is gone.
CREATE TABLE group_record (
  group_id   ${bytes} NOT NULL,
  record_key ${bytes} NOT NULL,
  epoch      BIGINT   NOT NULL,
  value      ${bytes},
  PRIMARY KEY (group_id, record_key, epoch)
);

-- Who may read which part of a log. until_seq is NULL for present members.
CREATE TABLE admission (
  group_id    ${bytes} NOT NULL,
  client      TEXT     NOT NULL,
  from_seq    BIGINT   NOT NULL,
  until_seq   BIGINT,
  until_epoch BIGINT,
  PRIMARY KEY (group_id, client, from_seq)
);
CREATE INDEX admission_of_client ON admission (client);

CREATE TABLE report (
  group_id ${bytes} NOT NULL,
  seq      BIGINT   NOT NULL,
  client   TEXT     NOT NULL,
  rule     TEXT     NOT NULL,
  time     BIGINT   NOT NULL,
  PRIMARY KEY (group_id, seq, client)
);

-- Welcomes: what all new members of one Commit share, and what is for each.

CREATE TABLE welcome (
  group_id             ${bytes} NOT NULL,
  log_seq              BIGINT   NOT NULL,
  epoch                BIGINT   NOT NULL,
  cipher_suite         INTEGER  NOT NULL,
  encrypted_group_info ${bytes} NOT NULL,
  time                 BIGINT   NOT NULL,
  PRIMARY KEY (group_id, log_seq)
);

CREATE TABLE inbox (
  client   TEXT     NOT NULL,
  seq      BIGINT   NOT NULL,
  group_id ${bytes} NOT NULL,
  log_seq  BIGINT   NOT NULL,
  secrets  ${bytes} NOT NULL,
  PRIMARY KEY (client, seq)
);
CREATE INDEX inbox_of_welcome ON inbox (group_id, log_seq);

-- What writes had for answers, so that a repeat gets the first one.
CREATE TABLE request (
  client     TEXT     NOT NULL,
  request_id ${bytes} NOT NULL,
  body_hash  ${bytes} NOT NULL,
  outcome    ${bytes} NOT NULL,
  time       BIGINT   NOT NULL,
  PRIMARY KEY (client, request_id)
);
CREATE INDEX request_time ON request (time);

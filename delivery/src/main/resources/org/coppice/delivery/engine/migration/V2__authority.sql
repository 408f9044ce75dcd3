-- The authentication service. docs/AUTHENTICATION.md explains the tables.

-- Taken first by whoever issues or revokes a certificate of a user.
CREATE TABLE ca_user (
  user_name TEXT NOT NULL PRIMARY KEY
);

-- Whose a key is, for good: SHA-256 of the SubjectPublicKeyInfo.
CREATE TABLE ca_key (
  key_hash ${bytes} NOT NULL PRIMARY KEY,
  client   TEXT     NOT NULL
);

-- Every certificate that was issued.
CREATE TABLE ca_certificate (
  serial        ${bytes} NOT NULL PRIMARY KEY,
  client        TEXT     NOT NULL,
  user_name     TEXT     NOT NULL,
  key_hash      ${bytes} NOT NULL,
  signature_key ${bytes} NOT NULL,
  issued        BIGINT   NOT NULL,
  not_after     BIGINT   NOT NULL,
  certificate   ${bytes} NOT NULL
);
CREATE INDEX ca_certificate_of_user ON ca_certificate (user_name, not_after);
CREATE INDEX ca_certificate_of_key ON ca_certificate (key_hash);

CREATE TABLE ca_revocation (
  serial    ${bytes} NOT NULL PRIMARY KEY,
  not_after BIGINT   NOT NULL,
  since     BIGINT   NOT NULL,
  reason    INTEGER  NOT NULL
);
CREATE INDEX ca_revocation_end ON ca_revocation (not_after);

-- Counts revocations, so that a node knows in one look whether its list is still whole.
CREATE TABLE ca_state (
  id          INTEGER NOT NULL PRIMARY KEY,
  revocations BIGINT  NOT NULL
);
INSERT INTO ca_state (id, revocations) VALUES (1, 0);

-- The revocation lists that were signed; issuer is the hash of the key that did. The latest one counts.
CREATE TABLE ca_crl (
  number      BIGINT   NOT NULL PRIMARY KEY,
  issuer      ${bytes} NOT NULL,
  revocations BIGINT   NOT NULL,
  this_update BIGINT   NOT NULL,
  crl         ${bytes} NOT NULL
);

-- One-time codes: the part that finds one, and the hash of the part that is secret. key_hash is NULL until it is used.
CREATE TABLE ca_code (
  selector    TEXT     NOT NULL PRIMARY KEY,
  secret_hash ${bytes} NOT NULL,
  user_name   TEXT     NOT NULL,
  device      TEXT     NOT NULL,
  expires     BIGINT   NOT NULL,
  attempts    INTEGER  NOT NULL,
  key_hash    ${bytes}
);
CREATE INDEX ca_code_of_user ON ca_code (user_name);
CREATE INDEX ca_code_expiry ON ca_code (expires);

-- Tokens of an OpenID provider that were used, by their hashes, until they expire.
CREATE TABLE ca_token (
  hash     ${bytes} NOT NULL PRIMARY KEY,
  expires  BIGINT   NOT NULL,
  key_hash ${bytes} NOT NULL
);
CREATE INDEX ca_token_expiry ON ca_token (expires);

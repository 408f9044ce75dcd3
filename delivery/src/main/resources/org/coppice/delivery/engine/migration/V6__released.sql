-- 1 where the client's name was given back since: its leaf is in the group until members remove it, and whoever has the name next may
-- neither read nor do anything there by it.
ALTER TABLE admission ADD COLUMN released INTEGER NOT NULL DEFAULT 0;

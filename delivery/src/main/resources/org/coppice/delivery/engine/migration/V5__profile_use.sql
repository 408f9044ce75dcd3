-- When a key package of a profile was last published, to the hour; 0 for those that a node of an older release has stored. Profiles that
-- no key package has are deleted some time after that.
ALTER TABLE key_package_profile ADD COLUMN used BIGINT NOT NULL DEFAULT 0;
CREATE INDEX key_package_profile_use ON key_package_profile (used);
CREATE INDEX key_package_of_profile ON key_package (profile);

-- Whether a client is a member is asked with each message. A planner that takes clients to be in few groups may choose either index for
-- that, and of one that is in many groups this one held them all.
DROP INDEX admission_of_client;
CREATE INDEX admission_of_client ON admission (client, group_id);

package org.coppice.delivery.engine;

/** Takes the room away that a database has, and gives it back. */
public final class Room {
    private static final int PAGES_LEFT = 2;

    private Room() {}

    /** From now on there is hardly any room: SQLite gets no further pages, PostgreSQL refuses entries as for want of room. */
    public static void take(Engine engine) throws Exception {
        if (engine instanceof SqliteEngine sqlite) {
            sqlite.onWriter(connection -> {
                long pages;
                try (var statement = connection.createStatement();
                        var result = statement.executeQuery("PRAGMA page_count")) {
                    pages = result.getLong(1);
                }
                SqliteEngine.execute(connection, "PRAGMA max_page_count = " + (pages + PAGES_LEFT));
            });
        } else {
            engine.write(tx -> tx.update("CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS"
                    + " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"));
            engine.write(tx ->
                    tx.update("CREATE TRIGGER no_room BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION no_room()"));
        }
    }

    /** There is room, but who writes an entry learns in the moment of confirming that there is none after all; PostgreSQL only. */
    public static void takeAtTheEnd(Engine engine) throws Exception {
        take(engine);
        drop(engine);
        engine.write(
                tx -> tx.update("CREATE CONSTRAINT TRIGGER no_room AFTER INSERT ON log DEFERRABLE INITIALLY DEFERRED"
                        + " FOR EACH ROW EXECUTE FUNCTION no_room()"));
    }

    /** There is room again. */
    public static void give(Engine engine) throws Exception {
        if (engine instanceof SqliteEngine sqlite) {
            sqlite.onWriter(connection -> SqliteEngine.execute(connection, "PRAGMA max_page_count = " + (1 << 30)));
        } else {
            drop(engine);
            engine.write(tx -> tx.update("DROP FUNCTION no_room"));
        }
    }

    /** From now on what is there can be read, and nothing be written; PostgreSQL refuses as it does where it only reads. */
    public static void lock(Engine engine) throws Exception {
        if (engine instanceof SqliteEngine sqlite) {
            sqlite.onWriter(connection -> SqliteEngine.execute(connection, "PRAGMA query_only = ON"));
        } else {
            engine.write(
                    tx -> tx.update(
                            "CREATE FUNCTION no_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE"
                                    + " EXCEPTION 'cannot execute in a read-only transaction' USING ERRCODE = 'read_only_sql_transaction'; END $$"));
            engine.write(tx -> tx.update(
                    "CREATE TRIGGER no_write BEFORE UPDATE ON write_probe FOR EACH ROW EXECUTE FUNCTION no_write()"));
        }
    }

    /** It can be written again. */
    public static void unlock(Engine engine) throws Exception {
        if (engine instanceof SqliteEngine sqlite) {
            sqlite.onWriter(connection -> SqliteEngine.execute(connection, "PRAGMA query_only = OFF"));
        } else {
            engine.write(tx -> tx.update("DROP TRIGGER no_write ON write_probe"));
            engine.write(tx -> tx.update("DROP FUNCTION no_write"));
        }
    }

    private static void drop(Engine engine) throws Exception {
        engine.write(tx -> tx.update("DROP TRIGGER no_room ON log"));
    }
}

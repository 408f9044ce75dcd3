/** The client SDK of Coppice: accounts, conversations, an encrypted store, retry and recovery. */
module org.coppice.client {
    requires java.sql;
    requires org.bouncycastle.provider;
    requires transitive org.coppice.delivery.api;
    requires transitive org.coppice.mls;
    requires org.xerial.sqlitejdbc;

    exports org.coppice.client;
    exports org.coppice.client.model;
    exports org.coppice.client.store;
}

/** The client SDK of Coppice: accounts, conversations, an encrypted store, retry and recovery. */
@SuppressWarnings("requires-automatic") // okio comes without a descriptor
module org.coppice.client {
    requires com.fasterxml.jackson.databind;
    requires java.sql;
    requires kotlin.stdlib;
    requires okhttp3;
    requires okhttp3.sse;
    requires okio;
    requires org.bouncycastle.provider;
    requires transitive org.coppice.delivery.api;
    requires transitive org.coppice.mls;
    requires org.xerial.sqlitejdbc;

    exports org.coppice.client;
    exports org.coppice.client.http;
    exports org.coppice.client.identity;
    exports org.coppice.client.model;
    exports org.coppice.client.store;
}

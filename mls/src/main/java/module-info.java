/** Messaging Layer Security (RFC 9420) for the JVM; needs the Java platform alone. */
@SuppressWarnings("module") // names modules that are built after this one
module org.coppice.mls {
    exports org.coppice.mls.codec;
    exports org.coppice.mls.credential;
    exports org.coppice.mls.credential.x509;
    exports org.coppice.mls.crypto;
    exports org.coppice.mls.crypto.jca to
            org.coppice.crypto.nativelib;
    exports org.coppice.mls.environment;
    exports org.coppice.mls.epoch;
    exports org.coppice.mls.error;
    exports org.coppice.mls.framing;
    exports org.coppice.mls.group;
    exports org.coppice.mls.message;
    exports org.coppice.mls.observer;
    exports org.coppice.mls.registry;
    exports org.coppice.mls.schedule to
            org.coppice.bench,
            org.coppice.testkit;
    exports org.coppice.mls.state;
    exports org.coppice.mls.tree;

    uses org.coppice.mls.crypto.CryptoProvider;
}

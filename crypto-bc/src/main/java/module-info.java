/** Primitives of Bouncy Castle for Coppice. */
module org.coppice.crypto.bc {
    requires org.bouncycastle.provider;
    requires transitive org.coppice.mls;

    exports org.coppice.crypto.bc;

    provides org.coppice.mls.crypto.CryptoProvider with
            org.coppice.crypto.bc.BouncyCastleCryptoProvider;
}

/** Primitives of native libraries for Coppice. */
module org.coppice.crypto.nativelib {
    requires static com.amazon.corretto.crypto.provider;
    requires org.conscrypt;
    requires transitive org.coppice.mls;

    exports org.coppice.crypto.nativelib;

    provides org.coppice.mls.crypto.CryptoProvider with
            org.coppice.crypto.nativelib.AccpProvider,
            org.coppice.crypto.nativelib.ConscryptProvider;
}

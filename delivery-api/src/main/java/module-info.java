/** What a delivery service and its clients agree on: values, encodings, one interface, one set of problems. */
module org.coppice.delivery.api {
    requires transitive org.coppice.mls;

    exports org.coppice.delivery.api;
}

package org.coppice.testkit.heap;

/** What secrets there are (RFC 9420 §8, §9; RFC 9180 §4, §5), by when they have to be gone (RFC 9420 §9.2, §14, §15.3). */
enum SecretKind {
    PATH_SECRET("path, node and commit secrets", "the call"),
    KEY_SCHEDULE(
            "`joiner_secret`, `psk_secret`, `welcome_secret`, `epoch_secret` and what is between them", "the call"),
    PSK("external pre-shared keys", "the call"),
    HPKE("ephemeral private keys, Diffie-Hellman results, keys and nonces of HPKE", "the call"),
    SENDER_DATA_KEY("keys and nonces of sender data", "the call"),
    EXPORTED("what was exported", "the application closed it"),
    PLAINTEXT("plaintexts", "the call"),
    MESSAGE_KEY("message keys and nonces", "the message was sent or read"),
    RATCHET("handshake and application ratchet secrets", "a message used them, or the last kept epoch"),
    TREE_NODE("`encryption_secret` and the nodes of the secret tree", "a message used them, or the last kept epoch"),
    SENDER_DATA("`sender_data_secret`", "the last kept epoch"),
    EPOCH("`exporter_`, `external_`, `membership_`, `init_secret`, `confirmation_key`", "the epoch"),
    RESUMPTION("`resumption_psk`", "as many epochs as the policy keeps"),
    TREE_KEY("HPKE private keys of leaves and parents", "a Commit or Update replaced them"),
    INIT_KEY("private init keys of key packages", "the key package was used"),
    SIGNATURE_KEY("signature private keys", "they were replaced and closed");

    private final String description;
    private final String until;

    SecretKind(String description, String until) {
        this.description = description;
        this.until = until;
    }

    String description() {
        return description;
    }

    /** After what none may be found any more. */
    String until() {
        return until;
    }
}

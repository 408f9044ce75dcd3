package org.coppice.testkit.heap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coppice.mls.codec.Bytes;

/** Reads a log: the secrets that came up in the scene, told by their labels, and the moments at which dumps were taken. */
final class Derivations {
    private static final Set<String> OF_EPOCH =
            Set.of("exporter", "external", "confirm", "membership", "authentication", "init");
    private static final Set<String> RATCHET = Set.of("handshake", "application", "secret");
    private static final Set<String> PUBLIC = Set.of("psk_id_hash", "info_hash");

    private final Map<Bytes, LoggedSecret> byValue = new LinkedHashMap<>();
    private final List<Moment> moments = new ArrayList<>();
    private Phase phase = new Phase("before", 0, 0);

    private Derivations() {}

    static Derivations of(List<SecretLog.Entry> log) {
        Derivations out = new Derivations();
        log.forEach(out::read);
        out.byValue.values().forEach(Derivations::classify);
        return out;
    }

    /** Those that have to be kept secret. */
    List<LoggedSecret> secrets() {
        return byValue.values().stream().filter(secret -> secret.kind() != null).toList();
    }

    List<Moment> moments() {
        return moments;
    }

    private void read(SecretLog.Entry entry) {
        switch (entry.kind()) {
            case PHASE -> phase = Phase.parse(entry.text());
            case DUMP -> moments.add(Moment.parse(entry.text()));
            case HMAC -> readHmac(entry.field(0), entry.field(1), entry.field(2));
            case HPKE_KEY -> {
                if (!phase.label().equals(Phase.KEY_PACKAGE)) {
                    value(entry.field(0)).is(SecretKind.TREE_KEY, "leaf key");
                }
            }
            case EPHEMERAL_KEY -> value(entry.field(0)).is(SecretKind.HPKE, "ephemeral key");
            case NAMED -> readNamed(entry.text(), entry.field(1));
        }
    }

    private void readNamed(String name, Bytes secret) {
        for (SecretKind kind : SecretKind.values()) {
            if (kind.name().equals(name)) {
                value(secret).is(kind, "");
                return;
            }
        }
        value(secret).is(SecretKind.SIGNATURE_KEY, name);
    }

    private void readHmac(Bytes key, Bytes input, Bytes output) {
        Derivation derivation = Derivation.of(input, output.length());
        LoggedSecret source = value(key);
        source.uses().add(new LoggedSecret.Use(derivation, phase, moments.size()));
        // The first byte of a candidate is masked before it becomes a key (RFC 9180 §7.1.3).
        int from = derivation.label().equals("candidate") ? 1 : 0;
        LoggedSecret result =
                value(output.slice(from, derivation.length() - from).compact());
        if (derivation.label().equals("dkp_prk")) {
            // The key is a constant; what the key pair is for is told by the input.
            result.derived(derivation, value(derivation.input().compact()));
        } else {
            result.derived(derivation, source);
        }
        if (derivation.label().equals("eae_prk")) {
            value(derivation.input().compact()).is(SecretKind.HPKE, "Diffie-Hellman result");
        }
    }

    private LoggedSecret value(Bytes value) {
        return byValue.computeIfAbsent(value, v -> new LoggedSecret(v, phase, moments.size()));
    }

    private static void classify(LoggedSecret secret) {
        if (isZero(secret.value()) || PUBLIC.contains(secret.label())) {
            return;
        }
        SecretKind kind = secret.isFrom(Derivation.Family.MLS)
                ? ofMls(secret)
                : secret.isFrom(Derivation.Family.HPKE) ? ofHpke(secret) : underived(secret);
        if (kind != null) {
            secret.is(kind, "");
        }
    }

    private static SecretKind ofMls(LoggedSecret secret) {
        String label = secret.label();
        if (RATCHET.contains(label)) {
            return SecretKind.RATCHET;
        }
        if (OF_EPOCH.contains(label)) {
            return SecretKind.EPOCH;
        }
        return switch (label) {
            case "path", "node" -> SecretKind.PATH_SECRET;
            case "joiner", "welcome", "epoch", "derived psk" -> SecretKind.KEY_SCHEDULE;
            case "encryption", "tree" -> SecretKind.TREE_NODE;
            case "sender data" -> SecretKind.SENDER_DATA;
            case "resumption" -> SecretKind.RESUMPTION;
            case "key", "nonce" -> keyOrNonce(secret.source().label());
            default -> SecretKind.EXPORTED;
        };
    }

    private static SecretKind keyOrNonce(String of) {
        return switch (of) {
            case "welcome" -> SecretKind.KEY_SCHEDULE;
            case "sender data" -> SecretKind.SENDER_DATA_KEY;
            default -> SecretKind.MESSAGE_KEY;
        };
    }

    private static SecretKind ofHpke(LoggedSecret secret) {
        if (secret.label().equals("sk") || secret.label().equals("candidate")) {
            String from = secret.source().source() == null
                    ? ""
                    : secret.source().source().label();
            if (from.equals("node")) {
                return SecretKind.TREE_KEY;
            }
            if (from.equals("external")) {
                return SecretKind.EPOCH;
            }
        }
        return SecretKind.HPKE;
    }

    /** What was drawn or extracted: it is known by what is made from it. MACs are used for nothing. */
    private static SecretKind underived(LoggedSecret secret) {
        if (secret.hasUse("path") || secret.hasUse("node")) {
            return SecretKind.PATH_SECRET;
        }
        boolean used = secret.uses().stream().anyMatch(use -> use.derivation().family() != Derivation.Family.NONE);
        return used ? SecretKind.KEY_SCHEDULE : null;
    }

    private static boolean isZero(Bytes value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.at(i) != 0) {
                return false;
            }
        }
        return true;
    }
}

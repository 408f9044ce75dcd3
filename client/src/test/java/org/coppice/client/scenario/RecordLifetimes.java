package org.coppice.client.scenario;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.state.RecordKey;
import org.coppice.testkit.search.WindowSearch;

/**
 * Which secrets the records of a client in groups of two may hold while nothing is on its way (RFC 9420 §9.2, §14, §15.3). A rule of its
 * own: it knows labels, kinds of records and what the policy keeps, and nothing of what the library deletes when.
 */
final class RecordLifetimes {
    private static final int PAST_EPOCHS = 2;
    private static final int PRIVATE_KEYS_OF_A_KEY_PACKAGE = 2;
    /** Its own leaf and the root. */
    private static final int PRIVATE_KEYS_OF_A_GROUP = 2;

    /** What exists only while a call is at work. */
    private static final Set<String> NEVER = Set.of(
            UsedSecrets.AEAD_KEY,
            UsedSecrets.SPENT,
            "joiner",
            "welcome",
            "epoch",
            "path",
            "node",
            "derived psk",
            UsedSecrets.INSIDE_HPKE);

    /** Of how many epochs a group's records hold a secret. */
    private static final Map<String, Integer> EPOCHS = Map.of(
            "init", 1,
            "exporter", 1,
            "external", 1,
            "confirm", 1,
            "membership", 1,
            "sender data", 1 + PAST_EPOCHS,
            "encryption", 1 + PAST_EPOCHS,
            "resumption", 8);

    /** One record as the file has it. */
    record Stored(Bytes space, Bytes key, byte[] value) {}

    private final UsedSecrets secrets;
    private final Set<String> faults = new LinkedHashSet<>();
    private final Set<String> found = new HashSet<>();

    RecordLifetimes(UsedSecrets secrets) {
        this.secrets = secrets;
    }

    /** What is there and should not be. */
    Set<String> faults() {
        return faults;
    }

    /** As what the secrets were used that are there. */
    Set<String> found() {
        return found;
    }

    void check(List<Stored> records) throws DecodeException {
        WindowSearch<Bytes> all = UsedSecrets.search(secrets.all());
        Map<Bytes, List<RecordKey>> groups = new HashMap<>();
        Map<Bytes, Map<String, Set<Bytes>>> ofGroups = new HashMap<>();
        for (Stored record : records) {
            TlsReader in = new TlsReader(record.space(), DecodeLimits.DEFAULT);
            in.uint8();
            String space = new String(in.vector().toByteArray(), StandardCharsets.UTF_8);
            Map<String, Set<Bytes>> uses = usesIn(record, all);
            found.addAll(uses.keySet());
            if (space.equals("group")) {
                Bytes group = in.vector();
                RecordKey key = RecordKey.parse(record.key());
                groups.computeIfAbsent(group, g -> new ArrayList<>()).add(key);
                Map<String, Set<Bytes>> ofGroup = ofGroups.computeIfAbsent(group, g -> new HashMap<>());
                uses.forEach((use, values) ->
                        ofGroup.computeIfAbsent(use, u -> new HashSet<>()).addAll(values));
                atMost(key instanceof RecordKey.TreeKey ? 1 : 0, UsedSecrets.PRIVATE_KEY, uses, key.toString());
            } else {
                boolean isKeyPackage = space.equals("key-package");
                EPOCHS.keySet().forEach(label -> atMost(0, label, uses, space));
                atMost(isKeyPackage ? PRIVATE_KEYS_OF_A_KEY_PACKAGE : 0, UsedSecrets.PRIVATE_KEY, uses, space);
                atMost(0, UsedSecrets.AGREED, uses, space);
            }
            NEVER.forEach(use -> atMost(0, use, uses, space + " " + record.key()));
        }
        ofGroups.forEach((group, uses) -> {
            EPOCHS.forEach((label, count) -> atMost(count, label, uses, "group"));
            atMost(PRIVATE_KEYS_OF_A_GROUP, UsedSecrets.PRIVATE_KEY, uses, "group");
        });
        groups.values().forEach(this::checkEpochs);
    }

    private void checkEpochs(List<RecordKey> keys) {
        long present = keys.stream()
                .filter(RecordKey.Epoch.class::isInstance)
                .mapToLong(key -> ((RecordKey.Epoch) key).epoch())
                .max()
                .orElse(Long.MAX_VALUE);
        for (RecordKey key : keys) {
            if (epochOf(key) < present - PAST_EPOCHS) {
                faults.add(key + " in epoch " + present);
            }
        }
    }

    /** The epoch of a record that holds keys of messages. */
    private static long epochOf(RecordKey key) {
        if (key instanceof RecordKey.Epoch epoch) {
            return epoch.epoch();
        } else if (key instanceof RecordKey.SecretNode node) {
            return node.epoch();
        } else if (key instanceof RecordKey.Ratchet ratchet) {
            return ratchet.epoch();
        } else if (key instanceof RecordKey.MessageKey message) {
            return message.epoch();
        }
        return Long.MAX_VALUE;
    }

    private Map<String, Set<Bytes>> usesIn(Stored record, WindowSearch<Bytes> all) {
        Map<String, Set<Bytes>> out = new HashMap<>();
        for (Bytes secret : UsedSecrets.in(record.value(), all)) {
            Bytes beginning = UsedSecrets.prefix(secret);
            for (String use : secrets.uses(beginning)) {
                out.computeIfAbsent(use, u -> new HashSet<>()).add(beginning);
            }
        }
        return out;
    }

    private void atMost(int count, String use, Map<String, Set<Bytes>> uses, String where) {
        int there = uses.getOrDefault(use, Set.of()).size();
        if (there > count) {
            faults.add(there + " of " + use + " in " + where);
        }
    }
}

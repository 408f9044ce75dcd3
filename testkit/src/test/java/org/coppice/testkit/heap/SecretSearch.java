package org.coppice.testkit.heap;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coppice.testkit.search.TextForms;
import org.coppice.testkit.search.WindowSearch;

/**
 * Finds any of many secrets anywhere in a dump. A secret counts as found if any run of 16 of its bytes, wherever it begins in it, or all
 * of a shorter one, is there in any of its {@link SecretForms}, or as text.
 */
final class SecretSearch {
    private static final int WINDOW = 16;
    /** Of a nonce the part that the reuse guard leaves as it is (RFC 9420 §6.3.1). */
    private static final int NONCE = 12;

    private static final int GUARD = 4;

    private final WindowSearch<LoggedSecret> search = new WindowSearch<>();

    SecretSearch(List<LoggedSecret> secrets) {
        for (LoggedSecret secret : secrets) {
            byte[] value = secret.value().toByteArray();
            boolean isPrivateKey = Set.of(
                            SecretKind.TREE_KEY, SecretKind.INIT_KEY, SecretKind.SIGNATURE_KEY, SecretKind.HPKE)
                    .contains(secret.kind());
            for (Map.Entry<String, byte[]> form :
                    SecretForms.of(value, isPrivateKey).entrySet()) {
                search.add(secret, form.getKey(), lasting(form.getValue()), WINDOW);
            }
            TextForms.addTo(search, secret, lasting(value), WINDOW);
        }
    }

    private static byte[] lasting(byte[] form) {
        return form.length == NONCE ? Arrays.copyOfRange(form, GUARD, NONCE) : form;
    }

    /** All places, in order. */
    List<WindowSearch.Hit<LoggedSecret>> in(byte[] file) {
        return search.in(file);
    }
}

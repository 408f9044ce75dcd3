package org.coppice.testkit.attack;

import java.util.ArrayList;
import java.util.List;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.testkit.SeededRandomness;

/** The key packages that a client of a {@link Life} has published and keeps the private keys of; one is of last resort. */
final class Stock {
    private static final int ORDINARY = 2;

    private final MlsClient client;
    private final List<KeyPackageBundle> kept = new ArrayList<>();

    Stock(MlsClient client) throws CryptoException {
        this.client = client;
        fill();
    }

    private void fill() throws CryptoException {
        for (int i = 0; i < ORDINARY; i++) {
            kept.add(client.generateKeyPackage());
        }
        kept.add(client.generateLastResortKeyPackage());
    }

    /** Throws all away and makes others. */
    void replace() throws CryptoException {
        kept.forEach(KeyPackageBundle::close);
        kept.clear();
        fill();
    }

    /** Any of them, to be used up; one of last resort stays. */
    KeyPackageBundle take(SeededRandomness random) {
        KeyPackageBundle out = kept.get(random.below(kept.size()));
        if (!out.keyPackage().isLastResort()) {
            kept.remove(out);
        }
        return out;
    }

    /** What there is to steal. */
    List<KeyPackageBundle> bundles() {
        return List.copyOf(kept);
    }
}

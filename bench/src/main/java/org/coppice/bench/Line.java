package org.coppice.bench;

import org.coppice.mls.crypto.Workers;

/** A line of the table of speed that is a timing. */
enum Line {
    ENCRYPT("encrypt 1 KiB", 1.3, CoppiceOperations::encrypt, Floors::encrypt, BouncyCastleOperations::encrypt),
    DECRYPT("decrypt 1 KiB", 1.3, CoppiceOperations::decrypt, Floors::decrypt, BouncyCastleOperations::decrypt),
    COMMIT("empty commit", 1.5, CoppiceOperations::commit, Floors::commit, BouncyCastleOperations::commit),
    PROCESS("process it", 1.5, CoppiceOperations::process, Floors::process, BouncyCastleOperations::process),
    JOIN(
            "join by Welcome",
            1.3,
            setting -> CoppiceOperations.join(setting, Workers.sequential()),
            Floors::join,
            BouncyCastleOperations::join),
    CREATE(
            "create and add all",
            1.3,
            setting -> CoppiceOperations.create(setting, Workers.sequential()),
            Floors::create,
            BouncyCastleOperations::create);

    private final String label;
    private final double aim;
    private final Maker coppice;
    private final Maker floor;
    private final Maker bouncyCastle;

    /** Sets an operation up. */
    @FunctionalInterface
    interface Maker {
        Operation make(Setting setting) throws Exception;
    }

    Line(String label, double aim, Maker coppice, Maker floor, Maker bouncyCastle) {
        this.label = label;
        this.aim = aim;
        this.coppice = coppice;
        this.floor = floor;
        this.bouncyCastle = bouncyCastle;
    }

    String label() {
        return label;
    }

    /** The largest ratio to the floor that is good. */
    double aim() {
        return aim;
    }

    Operation coppice(Setting setting) throws Exception {
        return coppice.make(setting);
    }

    Operation floor(Setting setting) throws Exception {
        return floor.make(setting);
    }

    Operation bouncyCastle(Setting setting) throws Exception {
        return bouncyCastle.make(setting);
    }
}

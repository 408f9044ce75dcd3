package org.coppice.testkit.contract;

import java.util.Objects;

/**
 * One promise of a contract. With JUnit, {@code cases.stream().map(c -> DynamicTest.dynamicTest(c.name(), c::run))} makes a test of each.
 *
 * @param name the promise in words
 * @param check keeps silent if the promise is kept
 */
public record ContractCase(String name, Check check) {
    /** Checks that nothing is missing. */
    public ContractCase {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(check, "check");
    }

    /** Looks whether a promise is kept. */
    @FunctionalInterface
    public interface Check {
        /**
         * Looks.
         *
         * @throws AssertionError if the promise is broken
         * @throws Exception if the implementation throws what it should not
         */
        void run() throws Exception;
    }

    /**
     * Runs the check.
     *
     * @throws AssertionError if the promise is broken
     * @throws Exception if the implementation throws what it should not
     */
    public void run() throws Exception {
        check.run();
    }

    @Override
    public String toString() {
        return name;
    }
}

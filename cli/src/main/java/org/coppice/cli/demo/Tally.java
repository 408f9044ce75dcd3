package org.coppice.cli.demo;

/** Counts what happened and what was shown. */
final class Tally {
    int groups;
    int commits;
    int welcomes;
    int messages;
    int reads;
    int epochs;
    int agreements;
    int disagreements;

    final Property confidentiality = new Property();
    final Property authentication = new Property();
    final Property forwardSecrecy = new Property();
    final Property postCompromise = new Property();
    final Property removal = new Property();
    final Property asynchronicity = new Property();

    /** A property that was put to the test by trying. */
    static final class Property {
        private int tries;
        private int failures;

        /** Counts a try. */
        void tried(boolean holds) {
            tries++;
            failures += holds ? 0 : 1;
        }

        int tries() {
            return tries;
        }

        boolean holds() {
            return tries > 0 && failures == 0;
        }
    }

    boolean allHold() {
        return confidentiality.holds()
                && authentication.holds()
                && forwardSecrecy.holds()
                && postCompromise.holds()
                && removal.holds()
                && asynchronicity.holds()
                && agreements > 0
                && disagreements == 0;
    }
}

package org.coppice.fuzz.mls;

import org.coppice.fuzz.Allowance;

/** What an input may cost where cryptography is at work. */
final class Bounds {
    /**
     * Loading a small group, judging one message, and entering an epoch take less than a mebibyte or two; the dearest is a message whose
     * generation is as far ahead as the policy allows, with a key to derive for each step.
     */
    static final Allowance LIVE_GROUP = new Allowance(16 << 20, 4096);

    private Bounds() {}
}

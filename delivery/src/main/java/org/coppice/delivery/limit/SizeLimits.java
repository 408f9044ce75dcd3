package org.coppice.delivery.limit;

import java.time.Duration;

/**
 * How large things may be. Sizes are in bytes.
 *
 * @param message an application message or a proposal
 * @param commit a Commit, and a Welcome
 * @param tree a GroupInfo, and a ratchet tree
 * @param keyPackage a key package
 * @param keyPackages how many key packages for one use a client may have in stock, over all suites
 * @param groupId a group's id
 * @param inbox how many Welcomes may wait for one client
 * @param pageEntries how many entries one read returns
 * @param pageBytes how many bytes of messages one read returns; a single entry may exceed it
 * @param longestWait how long a read waits
 */
public record SizeLimits(
        int message,
        int commit,
        int tree,
        int keyPackage,
        int keyPackages,
        int groupId,
        int inbox,
        int pageEntries,
        int pageBytes,
        Duration longestWait) {
    /** 1 MiB messages, 16 MiB Commits, 64 MiB trees; 500 key packages of 64 KiB; a minute of waiting. */
    public static final SizeLimits DEFAULT = new SizeLimits(
            1 << 20, 16 << 20, 64 << 20, 64 << 10, 500, 128, 10_000, 1000, 8 << 20, Duration.ofSeconds(60));

    /** How many of the longest messages the uncommitted proposals of a group may be together before no more is taken. */
    private static final int LONGEST_PROPOSALS = 64;

    /** Checks that all are positive. */
    public SizeLimits {
        if (Math.min(Math.min(Math.min(message, commit), Math.min(tree, keyPackage)), Math.min(keyPackages, groupId))
                        < 1
                || Math.min(Math.min(inbox, pageEntries), pageBytes) < 1
                || longestWait.isNegative()) {
            throw new IllegalArgumentException("limits are positive");
        }
    }

    /** How many bytes the uncommitted proposals of a group may have together before no more is taken; all of them are in memory. */
    public int proposals() {
        return (int) Math.min(Integer.MAX_VALUE, (long) LONGEST_PROPOSALS * message);
    }
}

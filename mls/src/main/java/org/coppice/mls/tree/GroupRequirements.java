package org.coppice.mls.tree;

import java.util.List;
import java.util.Objects;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.registry.ProtocolVersion;

/**
 * What a group asks of the leaves in it, beside its cipher suite (RFC 9420 §7.3, §11.1, §13.4).
 *
 * @param version the group's protocol version
 * @param groupContextExtensions the extensions of its GroupContext, each of which every member supports
 * @param requiredCapabilities what else every member supports
 */
public record GroupRequirements(
        ProtocolVersion version, Extensions groupContextExtensions, RequiredCapabilities requiredCapabilities) {
    /** Checks that nothing is missing. */
    public GroupRequirements {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(groupContextExtensions, "groupContextExtensions");
        Objects.requireNonNull(requiredCapabilities, "requiredCapabilities");
    }

    /** The same within {@link DecodeLimits#DEFAULT}. */
    public static GroupRequirements of(ProtocolVersion version, Extensions groupContextExtensions)
            throws DecodeException {
        return of(version, groupContextExtensions, DecodeLimits.DEFAULT);
    }

    /**
     * The requirements of a group with these GroupContext extensions; those in required_capabilities are found there.
     *
     * @throws DecodeException if the data of required_capabilities are malformed or exceed {@code limits}
     */
    public static GroupRequirements of(ProtocolVersion version, Extensions groupContextExtensions, DecodeLimits limits)
            throws DecodeException {
        RequiredCapabilities required = RequiredCapabilities.in(groupContextExtensions, limits)
                .orElse(new RequiredCapabilities(List.of(), List.of(), List.of()));
        return new GroupRequirements(version, groupContextExtensions, required);
    }

    /** No requirements but the version: for a leaf outside any group, as in a KeyPackage that was fetched. */
    public static GroupRequirements none(ProtocolVersion version) {
        return new GroupRequirements(
                version, Extensions.EMPTY, new RequiredCapabilities(List.of(), List.of(), List.of()));
    }
}

package org.coppice.mls.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    private static final CipherSuite SUITE = new CipherSuite(1);
    private static final ExtensionType EXTENSION = new ExtensionType(0xf001);
    private static final ProposalType PROPOSAL = new ProposalType(0xf002);
    private static final CredentialType CREDENTIAL = new CredentialType(0xf003);
    private static final Capabilities PLAIN = new Capabilities(
            List.of(ProtocolVersion.MLS10), List.of(SUITE), List.of(EXTENSION), List.of(PROPOSAL), List.of(CREDENTIAL));

    @Test
    void supportsWhatIsListedAndNothingElse() {
        assertThat(PLAIN.supports(ProtocolVersion.MLS10)).isTrue();
        assertThat(PLAIN.supports(new ProtocolVersion(2))).isFalse();
        assertThat(PLAIN.supports(SUITE)).isTrue();
        assertThat(PLAIN.supports(new CipherSuite(2))).isFalse();
        assertThat(PLAIN.supports(EXTENSION)).isTrue();
        assertThat(PLAIN.supports(new ExtensionType(0xf002))).isFalse();
        assertThat(PLAIN.supports(PROPOSAL)).isTrue();
        assertThat(PLAIN.supports(new ProposalType(0xf001))).isFalse();
        assertThat(PLAIN.supports(CREDENTIAL)).isTrue();
        assertThat(PLAIN.supports(CredentialType.BASIC)).isFalse();
    }

    @Test
    @Tag("R-7.2-05")
    void defaultsNeedNoListing() {
        assertThat(PLAIN.supports(ExtensionType.EXTERNAL_SENDERS)).isTrue();
        assertThat(PLAIN.supports(ProposalType.REINIT)).isTrue();
    }

    @Test
    @Tag("R-11.1-05")
    void satisfiesWhatIsListedWhole() {
        assertThat(PLAIN.satisfies(
                        new RequiredCapabilities(List.of(EXTENSION), List.of(PROPOSAL), List.of(CREDENTIAL))))
                .isTrue();
        assertThat(PLAIN.satisfies(new RequiredCapabilities(List.of(new ExtensionType(0xf009)), List.of(), List.of())))
                .isFalse();
        assertThat(PLAIN.satisfies(new RequiredCapabilities(List.of(), List.of(new ProposalType(0xf009)), List.of())))
                .isFalse();
        assertThat(PLAIN.satisfies(new RequiredCapabilities(List.of(), List.of(), List.of(CredentialType.BASIC))))
                .isFalse();
    }

    @Test
    void defaultsAreLeftOut() {
        Capabilities all = new Capabilities(
                PLAIN.versions(),
                PLAIN.cipherSuites(),
                List.of(ExtensionType.APPLICATION_ID, EXTENSION),
                List.of(PROPOSAL, ProposalType.ADD),
                PLAIN.credentials());
        assertThat(all.withoutDefaults()).isEqualTo(PLAIN);
    }

    @Test
    void reservedValuesAreLeftOut() {
        int grease = CodePoints.grease(7);
        Capabilities all = new Capabilities(
                PLAIN.versions(),
                List.of(new CipherSuite(grease), SUITE),
                List.of(EXTENSION, new ExtensionType(grease)),
                List.of(new ProposalType(grease), PROPOSAL),
                List.of(CREDENTIAL, new CredentialType(grease)));
        assertThat(all.withoutGrease()).isEqualTo(PLAIN);
    }
}

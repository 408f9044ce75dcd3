package org.coppice.testkit.rules;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.Content;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.message.Proposal;
import org.coppice.testkit.Insider;
import org.coppice.testkit.Scene;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** References by hash (RFC 9420 §5.2). */
class ReferenceRulesTest {
    private static byte[] input(String label, byte[] value) {
        return new TlsWriter().vector(label.getBytes(US_ASCII)).vector(value).toByteArray();
    }

    @Test
    @Tag("R-5.2-02")
    void aKeyPackageRefHashesTheBareKeyPackageWithItsOwnSuitesHash() throws MlsException {
        for (CipherSuite suite : CipherSuite.STANDARD) {
            Scene.Actor actor = Scene.empty(suite).client("alice");
            SuiteCrypto crypto = actor.client().crypto();
            try (KeyPackageBundle bundle = actor.client().generateKeyPackage()) {
                byte[] expected = crypto.parts()
                        .hash()
                        .hash(input(
                                "MLS 1.0 KeyPackage Reference",
                                bundle.keyPackage().encoded()));
                assertThat(bundle.keyPackage().ref(crypto)).isEqualTo(Bytes.wrap(expected));
            }
        }
    }

    @Test
    @Tag("R-5.2-03")
    void aProposalRefHashesTheWholeAuthenticatedContentWithItsWireFormat() throws MlsException {
        Scene scene = Scene.of("alice", "bob");
        Insider bob = scene.actor("bob").insider();
        Content content = new Content.Proposal(new Proposal.Remove(bob.leaf()));
        AuthenticatedContent open = bob.sign(WireFormat.PUBLIC_MESSAGE, content);
        AuthenticatedContent sealed = bob.sign(WireFormat.PRIVATE_MESSAGE, content);
        byte[] whole = new TlsWriter()
                .uint16(1)
                .struct(open.content())
                .vector(open.signature())
                .toByteArray();
        byte[] expected = bob.crypto().parts().hash().hash(input("MLS 1.0 Proposal Reference", whole));
        assertThat(open.proposalRef(bob.crypto()).hash()).isEqualTo(Bytes.wrap(expected));
        assertThat(sealed.proposalRef(bob.crypto())).isNotEqualTo(open.proposalRef(bob.crypto()));
    }
}

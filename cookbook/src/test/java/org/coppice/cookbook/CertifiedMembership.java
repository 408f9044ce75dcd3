package org.coppice.cookbook;

import static org.coppice.cookbook.Kitchen.SUITE;
import static org.coppice.cookbook.Kitchen.bytes;
import static org.coppice.cookbook.Kitchen.text;

import java.io.PrintStream;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.x509.X509CredentialValidator;
import org.coppice.mls.crypto.SignatureKeyPair;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.epoch.Member;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.MlsClient;

/** Members are who their certificates say. */
final class CertifiedMembership {
    private CertifiedMembership() {}

    // begin client
    /** A client whose signature key an authority has certified. */
    static MlsClient certified(Environment environment, Certificates authority, String name) throws Exception {
        SuiteCrypto crypto = environment.crypto(SUITE);
        SignatureKeyPair keys = crypto.generateSignatureKeyPair();
        X509Certificate certificate = authority.certify(name, keys.publicKey()); // an enrolment, in life
        var credential = new Credential.X509(List.of(Bytes.wrap(certificate.getEncoded())));
        return MlsClient.of(environment, SUITE, credential, crypto.signer(keys));
    }
    // end client

    static void cook(PrintStream out, Path directory) throws Exception {
        Certificates ours = Certificates.authority("Orchard CA");
        Certificates theirs = Certificates.authority("Swamp CA");
        // begin check
        X509CredentialValidator validator = X509CredentialValidator.builder(Clock.systemUTC())
                .trust(ours.anchor())
                .identity(certificate ->
                        Optional.of(bytes(certificate.getSubjectX500Principal().getName())))
                .build();
        Environment environment = Environment.builder().validator(validator).build();

        Group group = certified(environment, ours, "alice").createGroup();
        Kitchen.join(group, certified(environment, ours, "bob"));
        for (Member member : group.roster()) {
            out.println("member " + text(validator.identity(member.credential()).orElseThrow()));
        }

        // A certificate of another authority, or for another key, does not come in.
        try {
            Kitchen.join(group, certified(environment, theirs, "bob"));
        } catch (ValidationException e) {
            out.println("refused: " + e.rule());
        }
        // end check
    }
}

package org.coppice.cookbook;

import static org.coppice.cookbook.Kitchen.bytes;
import static org.coppice.cookbook.Kitchen.client;
import static org.coppice.cookbook.Kitchen.environment;
import static org.coppice.cookbook.Kitchen.join;
import static org.coppice.mls.crypto.CipherSuite.MLS_128_DHKEMP256_AES128GCM_SHA256_P256;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.environment.Environment;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.JoinRequest;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.group.Successor;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProtocolVersion;

/** A group goes on with another cipher suite. */
final class NewSuite {
    private static final CipherSuite NEXT = MLS_128_DHKEMP256_AES128GCM_SHA256_P256;

    private NewSuite() {}

    private static MlsClient next(Environment environment, String name) throws MlsException {
        return MlsClient.create(environment, NEXT, Credential.basic(bytes(name)));
    }

    static void cook(PrintStream out, Path directory) throws MlsException {
        Environment hers = environment().build();
        Environment his = environment().build();
        // begin reinit
        Group old = client(hers, "alice").createGroup();
        Group bobsOld = join(old, client(his, "bob"));

        // A ReInit stands alone in its Commit. After it the old group reads what is late and sends nothing.
        var reInit = new Proposal.ReInit(bytes("the orchard"), ProtocolVersion.MLS10, NEXT, Extensions.EMPTY);
        StagedCommit ending = old.commit().reInit(reInit).build();
        bobsOld.merge(bobsOld.stage(ending.message()));
        old.merge(ending);
        out.println("the old group is " + bobsOld.status());

        // Each member is a client of the new suite, with a signature key of it. Any one makes the new group.
        MlsClient alice = next(hers, "alice");
        MlsClient bob = next(his, "bob");
        KeyPackageBundle bobsKeys = bob.generateKeyPackage();
        Successor successor = old.reinitialize(alice, List.of(bobsKeys.keyPackage()));
        Group alices = successor.group();
        alices.merge(successor.commit());

        // Bob shows the group that it continues: he holds the proof that it is the same people.
        JoinRequest welcome = JoinRequest.of(successor.commit().welcome().orElseThrow(), List.of(bobsKeys));
        Group bobs = bob.join(welcome.withPredecessor(bobsOld));
        out.println(bobs.cipherSuite().name().orElseThrow() + ", epoch " + bobs.epoch());
        // end reinit
    }
}

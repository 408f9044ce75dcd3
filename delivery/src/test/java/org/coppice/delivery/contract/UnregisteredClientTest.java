package org.coppice.delivery.contract;

import static org.coppice.delivery.contract.ContractTest.credential;
import static org.coppice.delivery.contract.ContractTest.refuses;

import java.nio.file.Path;
import org.coppice.delivery.DeliveryService;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.ConsentStatement;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.DeliverySession;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.ProblemKind;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.group.MlsClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions in the service's own process need no token: a name that nobody has registered gets nothing by that. */
class UnregisteredClientTest {
    @TempDir
    Path directory;

    @Test
    void cannotReplaceTheCredentialThatItDoesNotHave() throws Exception {
        ClientId nobody = ClientId.parse("nobody/laptop");
        MlsClient keys = Device.mls(nobody, HandshakePolicy.PUBLIC);
        RegisteredCredential credential = credential(nobody, keys);
        RequestId request = Device.request();
        CredentialStatement statement = new CredentialStatement(nobody, request, credential);
        Bytes proof = statement.sign(keys.crypto(), keys.signer());
        Bytes consent = ConsentStatement.to(statement).sign(keys.crypto(), keys.signer());
        try (DeliveryService service = Servers.open(Servers.sqlite(directory), Servers.config());
                DeliverySession session = service.session(nobody)) {
            refuses(ProblemKind.UNKNOWN_CLIENT, () -> session.replaceCredential(request, credential, proof, consent));
            refuses(ProblemKind.UNKNOWN_CLIENT, () -> session.replaceCredential(request, credential, proof, consent));
        }
    }
}

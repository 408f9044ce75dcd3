package org.coppice.interop.runner;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.coppice.interop.wire.ExportRequest;
import org.coppice.interop.wire.FreeRequest;
import org.coppice.interop.wire.MLSClientGrpc.MLSClientBlockingStub;
import org.coppice.interop.wire.ProtectRequest;
import org.coppice.interop.wire.StateAuthRequest;
import org.coppice.interop.wire.SupportedCiphersuitesRequest;
import org.coppice.interop.wire.UnprotectRequest;
import org.coppice.interop.wire.UnprotectResponse;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.MlsMessage;

/**
 * One performance of a script: in one suite, with private or public handshakes, and with a server behind each actor. Whatever does
 * not go as the script says is an {@link AssertionError} that names the step.
 */
final class Play {
    /** What is to be done for a step. */
    interface Action {
        void perform(Play play, Step step);
    }

    private static final Map<String, Action> ACTIONS = new HashMap<>();

    static {
        MemberActions.register(ACTIONS);
        CommitActions.register(ACTIONS);
        SuccessorActions.register(ACTIONS);
        OutsiderActions.register(ACTIONS);
    }

    private final Script script;
    private final boolean encryptHandshake;
    private final Map<String, MLSClientBlockingStub> servers;
    private final Random random;
    private final Map<String, Integer> states = new LinkedHashMap<>();
    private final Map<String, Integer> transactions = new HashMap<>();
    private final Map<String, Integer> signers = new HashMap<>();
    private final List<Map<String, ByteString>> results = new ArrayList<>();
    private final List<MlsMessage> exchanged = new ArrayList<>();
    private int suite;

    /** What a step can be. */
    static Set<String> actions() {
        return ACTIONS.keySet();
    }

    /** @param servers who plays which actor */
    Play(Script script, int suite, boolean encryptHandshake, Map<String, MLSClientBlockingStub> servers, long seed) {
        this.script = script;
        this.suite = suite;
        this.encryptHandshake = encryptHandshake;
        this.servers = servers;
        this.random = new Random(seed);
    }

    /** Plays all steps; then those in one epoch talk to each other; then everything is freed. Returns what was exchanged. */
    List<MlsMessage> run() {
        for (int i = 0; i < script.steps().size(); i++) {
            results.add(new HashMap<>());
            Step step = script.steps().get(i);
            Action action = ACTIONS.get(step.text("action"));
            if (action == null) {
                throw new AssertionError("step " + i + " has an unknown action: " + step);
            }
            try {
                action.perform(this, step);
            } catch (StatusRuntimeException | AssertionError | IllegalArgumentException e) {
                throw new AssertionError("step " + i + ", " + step + ": " + e.getMessage(), e);
            }
        }
        talk();
        states.forEach((actor, state) ->
                server(actor).free(FreeRequest.newBuilder().setStateId(state).build()));
        return exchanged;
    }

    /** Whoever agrees on the epoch exports alike, and the others read what one of them writes. */
    private void talk() {
        Map<ByteString, List<String>> byEpoch = new LinkedHashMap<>();
        for (String actor : states.keySet()) {
            StateAuthRequest request =
                    StateAuthRequest.newBuilder().setStateId(state(actor)).build();
            ByteString authenticator = server(actor).stateAuth(request).getStateAuthSecret();
            byEpoch.computeIfAbsent(authenticator, key -> new ArrayList<>()).add(actor);
        }
        byEpoch.forEach((authenticator, actors) -> {
            // One who was removed, or left behind, has nobody to talk to.
            if (!authenticator.isEmpty() && actors.size() > 1) {
                talk(actors);
            }
        });
    }

    private void talk(List<String> actors) {
        String writer = actors.get(0);
        ByteString exported = export(writer);
        ByteString text = randomBytes(100);
        ByteString ciphertext = message(server(writer)
                .protect(ProtectRequest.newBuilder()
                        .setStateId(state(writer))
                        .setPlaintext(text)
                        .build())
                .getCiphertext());
        for (String reader : actors.subList(1, actors.size())) {
            check(export(reader).equals(exported), reader + " exports another secret than " + writer);
            UnprotectResponse read = server(reader)
                    .unprotect(UnprotectRequest.newBuilder()
                            .setStateId(state(reader))
                            .setCiphertext(ciphertext)
                            .build());
            check(read.getPlaintext().equals(text), reader + " reads something else than " + writer + " wrote");
        }
    }

    private ByteString export(String actor) {
        return server(actor)
                .export(ExportRequest.newBuilder()
                        .setStateId(state(actor))
                        .setLabel("interop")
                        .setContext(ByteString.copyFromUtf8("context"))
                        .setKeyLength(40)
                        .build())
                .getExportedSecret();
    }

    // ---- for actions

    MLSClientBlockingStub server(String actor) {
        return servers.get(actor);
    }

    int suite() {
        return suite;
    }

    boolean encryptsHandshake() {
        return encryptHandshake;
    }

    /** Goes on in another suite that all actors have. */
    void changeSuite() {
        List<Integer> common = null;
        for (MLSClientBlockingStub server : servers.values()) {
            List<Integer> offered = server.supportedCiphersuites(SupportedCiphersuitesRequest.getDefaultInstance())
                    .getCiphersuitesList();
            if (common == null) {
                common = new ArrayList<>(offered);
            }
            common.retainAll(offered);
        }
        common.remove((Integer) suite);
        suite = common.get(random.nextInt(common.size()));
    }

    ByteString randomBytes(int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return ByteString.copyFrom(out);
    }

    int state(String actor) {
        return number(states, "state", actor);
    }

    boolean hasState(String actor) {
        return states.containsKey(actor);
    }

    void enter(String actor, int state) {
        states.put(actor, state);
    }

    int transaction(String actor) {
        return number(transactions, "transaction", actor);
    }

    void begin(String actor, int transaction) {
        transactions.put(actor, transaction);
    }

    int signer(String actor) {
        return number(signers, "signer", actor);
    }

    void sign(String actor, int signer) {
        signers.put(actor, signer);
    }

    private static int number(Map<String, Integer> numbers, String kind, String actor) {
        Integer out = numbers.get(actor);
        if (out == null) {
            throw new AssertionError(actor + " has no " + kind);
        }
        return out;
    }

    /** Keeps a result of the present step. */
    void store(String key, ByteString value) {
        results.get(results.size() - 1).put(key, value);
    }

    /** A result of an earlier step. */
    ByteString load(int step, String key) {
        ByteString out = results.get(step).get(key);
        if (out == null) {
            throw new AssertionError("step " + step + " gave no " + key);
        }
        return out;
    }

    List<ByteString> load(List<Integer> steps, String key) {
        return steps.stream().map(step -> load(step, key)).toList();
    }

    /** Takes an MLS message from a server, which has to be the one encoding of what it says. */
    ByteString message(ByteString encoded) {
        try {
            MlsMessage message = MlsMessage.decode(encoded.toByteArray());
            check(ByteString.copyFrom(message.encoded()).equals(encoded), "encodes otherwise than it was read");
            exchanged.add(message);
        } catch (DecodeException e) {
            throw new AssertionError("no MLS message: " + e.getMessage(), e);
        }
        return encoded;
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}

package org.coppice.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.Workers;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.state.StateStore;

/** The operations of this library. Messages are encoded and decoded within the measured time, as an application has to. */
final class CoppiceOperations {
    /** Size of an application message in bytes. */
    static final int MESSAGE = 1024;

    private CoppiceOperations() {}

    static Operation encrypt(Setting setting) throws MlsException {
        Group group = Pair.of(setting).first();
        byte[] data = new byte[MESSAGE];
        return () -> group.encrypt(data).encoded();
    }

    static Operation decrypt(Setting setting) throws MlsException {
        Pair pair = Pair.of(setting);
        byte[] data = new byte[MESSAGE];
        Deque<byte[]> messages = new ArrayDeque<>();
        return new Operation() {
            @Override
            public void prepare() throws MlsException {
                messages.add(pair.first().encrypt(data).encoded());
            }

            @Override
            public Object run() throws MlsException {
                return pair.last().receive(MlsMessage.decode(messages.remove()));
            }
        };
    }

    /** Makes a Commit without proposals and enters its epoch. */
    static Operation commit(Setting setting) throws MlsException {
        Group group = Pair.of(setting).first();
        return () -> commit(group);
    }

    private static byte[] commit(Group group) throws MlsException {
        StagedCommit commit = group.commit().build();
        byte[] message = commit.message().encoded();
        group.merge(commit);
        return message;
    }

    /** Stages the Commit of a member at the other end of the tree and enters its epoch. */
    static Operation process(Setting setting) throws MlsException {
        Pair pair = Pair.of(setting);
        Deque<byte[]> messages = new ArrayDeque<>();
        return new Operation() {
            @Override
            public void prepare() throws MlsException {
                messages.add(commit(pair.first()));
            }

            @Override
            public Object run() throws MlsException {
                Group group = pair.last();
                group.merge(group.stage(MlsMessage.decode(messages.remove())));
                return group.state();
            }
        };
    }

    /** Joins as the last member. */
    static Operation join(Setting setting, Workers workers) throws MlsException {
        return new Joins(setting, workers);
    }

    /** Welcomes for one client, whose key package is used again and again. */
    static final class Joins implements Operation {
        private final MlsClient joiner;
        private final Secret bundle;
        private final byte[] welcome;
        private final Deque<KeyPackageBundle> bundles = new ArrayDeque<>();

        Joins(Setting setting, Workers workers) throws MlsException {
            joiner = Pair.client(setting.source().environment().workers(workers).build(), "joiner");
            try (KeyPackageBundle made = joiner.generateKeyPackage()) {
                bundle = made.encode();
                welcome = welcome(setting, made.keyPackage());
            }
        }

        private static byte[] welcome(Setting setting, KeyPackage joiner) throws MlsException {
            Group group = setting.members() == 2
                    ? Pair.client(setting.source().environment().build(), "creator")
                            .createGroup()
                    : Pair.of(setting, setting.members() - 1, StateStore.none(), StateStore.none())
                            .first();
            try (StagedCommit commit = group.commit().add(joiner).build()) {
                return commit.welcome().orElseThrow().encoded();
            }
        }

        @Override
        public void prepare() throws MlsException {
            bundles.add(KeyPackageBundle.decode(bundle));
        }

        @Override
        public Group run() throws MlsException {
            return joiner.join(MlsMessage.decode(welcome), bundles.remove());
        }
    }

    /** Creates a group and adds everybody else in one Commit with one Welcome. */
    static Operation create(Setting setting, Workers workers) throws MlsException {
        List<KeyPackage> others = new ArrayList<>();
        for (int i = 1; i < setting.members(); i++) {
            // The packages are the same whoever makes them, and this is the fastest.
            MlsClient other = Pair.client(Source.NATIVE.environment().build(), "member-" + i);
            try (KeyPackageBundle bundle = other.generateKeyPackage()) {
                others.add(bundle.keyPackage());
            }
        }
        MlsClient creator =
                Pair.client(setting.source().environment().workers(workers).build(), "creator");
        return () -> {
            Group group = creator.createGroup();
            StagedCommit commit = group.commit().addAll(others).build();
            byte[] welcome = commit.welcome().orElseThrow().encoded();
            group.merge(commit);
            return welcome;
        };
    }
}

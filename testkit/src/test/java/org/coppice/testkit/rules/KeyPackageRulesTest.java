package org.coppice.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.coppice.mls.crypto.CipherSuite.MLS_128_DHKEMP256_AES128GCM_SHA256_P256;
import static org.coppice.testkit.rules.Refusals.refuses;
import static org.coppice.testkit.rules.Refusals.refusesThenFollows;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.CodePoints;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.Group;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.group.MlsClient;
import org.coppice.mls.group.StagedCommit;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.Lifetime;
import org.coppice.testkit.Scene;
import org.coppice.testkit.forge.KeyPackageForge;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a key package has to be, when it is made and when it is used (RFC 9420 §10, §10.1). */
class KeyPackageRulesTest {
    private static final ExtensionType UNKNOWN = new ExtensionType(0xf123);

    private Scene scene;
    private MlsClient carol;

    @BeforeEach
    void aGroupOfTwo() throws MlsException {
        scene = Scene.of("alice", "bob");
        carol = scene.client("carol").client();
    }

    /** One defect each, and the rule that it breaks. */
    enum Defect {
        OTHER_VERSION(Rule.KEY_PACKAGE_VERSION_OR_SUITE) {
            @Override
            KeyPackage of(KeyPackageForge forge) throws MlsException {
                return forge.withVersion(new ProtocolVersion(2)).make();
            }
        },
        OTHER_SUITE(Rule.KEY_PACKAGE_VERSION_OR_SUITE) {
            @Override
            KeyPackage of(KeyPackageForge forge) throws MlsException {
                return forge.withSuite(MLS_128_DHKEMP256_AES128GCM_SHA256_P256).make();
            }
        },
        SIGNATURE(Rule.KEY_PACKAGE_SIGNATURE) {
            @Override
            KeyPackage of(KeyPackageForge forge) throws MlsException {
                return forge.makeWithBadSignature();
            }
        },
        SIGNED_BY_ANOTHER(Rule.KEY_PACKAGE_SIGNATURE) {
            @Override
            KeyPackage of(KeyPackageForge forge) throws MlsException {
                SuiteCrypto crypto = forge.client().crypto();
                return forge.makeSignedBy(crypto.signer(crypto.generateSignatureKeyPair()));
            }
        },
        INIT_KEY_IS_LEAF_KEY(Rule.KEY_PACKAGE_INIT_KEY) {
            @Override
            KeyPackage of(KeyPackageForge forge) throws MlsException {
                return forge.withInitKey(forge.leafKey()).make();
            }
        },
        INIT_KEY_OF_ANOTHER_KEM(Rule.INVALID_KEY) {
            @Override
            KeyPackage of(KeyPackageForge forge) throws MlsException {
                return forge.withInitKey(new HpkePublicKey(Bytes.wrap(new byte[65])))
                        .make();
            }
        },
        LEAF_KEY_OF_ANOTHER_KEM(Rule.INVALID_KEY) {
            @Override
            KeyPackage of(KeyPackageForge forge) throws MlsException {
                return forge.withLeafKey(new HpkePublicKey(Bytes.wrap(new byte[65])))
                        .make();
            }
        },
        LEAF_SIGNATURE(Rule.LEAF_SIGNATURE) {
            @Override
            KeyPackage of(KeyPackageForge forge) throws MlsException {
                return forge.makeWithBadLeafSignature();
            }
        },
        LEAF_SOURCE(Rule.LEAF_SOURCE) {
            @Override
            KeyPackage of(KeyPackageForge forge) throws MlsException {
                return forge.withSource(new LeafNodeSource.Update()).make();
            }
        },
        LIFETIME_TOO_LONG(Rule.LEAF_LIFETIME_SPAN) {
            @Override
            KeyPackage of(KeyPackageForge forge) throws MlsException {
                return forge.withSource(new LeafNodeSource.KeyPackage(new Lifetime(0, Long.MAX_VALUE)))
                        .make();
            }
        },
        SUITE_NOT_SUPPORTED(Rule.LEAF_VERSION_OR_SUITE) {
            @Override
            KeyPackage of(KeyPackageForge forge) throws MlsException {
                return forge.withContent(content -> with(
                                content,
                                new Capabilities(
                                        content.capabilities().versions(),
                                        List.of(MLS_128_DHKEMP256_AES128GCM_SHA256_P256),
                                        List.of(),
                                        List.of(),
                                        content.capabilities().credentials())))
                        .make();
            }
        },
        MISPLACED_EXTENSION(Rule.EXTENSION_MISPLACED) {
            @Override
            KeyPackage of(KeyPackageForge forge) throws MlsException {
                return forge.withExtensions(Extensions.of(new Extension(ExtensionType.EXTERNAL_PUB, Bytes.EMPTY)))
                        .make();
            }
        };

        private final Rule rule;

        Defect(Rule rule) {
            this.rule = rule;
        }

        abstract KeyPackage of(KeyPackageForge forge) throws MlsException;
    }

    private static LeafNode.Content with(LeafNode.Content content, Capabilities capabilities) {
        return new LeafNode.Content(content.signatureKey(), content.credential(), capabilities, content.extensions());
    }

    @ParameterizedTest
    @EnumSource(Defect.class)
    @Tag("R-10.1-01")
    @Tag("R-10.1-03")
    @Tag("R-10.1-04")
    @Tag("R-10.1-05")
    @Tag("R-10.1-06")
    @Tag("R-12.2-01")
    @Tag("A-5.1-03")
    void committerRefusesBadKeyPackage(Defect defect) throws MlsException {
        KeyPackage bad = defect.of(KeyPackageForge.of(carol));
        Group alice = scene.group("alice");

        refuses(defect.rule, scene.actor("alice"), () -> alice.commit().add(bad).build());
        refuses(defect.rule, scene.actor("alice"), () -> alice.proposeAdd(bad));
    }

    @ParameterizedTest
    @EnumSource(Defect.class)
    @Tag("R-10-03")
    @Tag("R-10-05")
    @Tag("R-10-06")
    @Tag("R-10-09")
    @Tag("R-10.1-02")
    @Tag("R-11.1-02")
    @Tag("R-10.1-03")
    @Tag("R-10.1-04")
    @Tag("R-10.1-05")
    @Tag("R-10.1-06")
    @Tag("R-12.1.1-01")
    @Tag("R-12.2-04")
    void receiverRefusesBadKeyPackage(Defect defect) throws Exception {
        Proposal add = new Proposal.Add(defect.of(KeyPackageForge.of(carol)));
        MlsMessage proposal = scene.actor("alice").insider().proposal(add);
        MlsMessage commit = scene.actor("alice").insider().commit(List.of(add), Optional.empty());
        StagedCommit genuine = scene.group("alice")
                .commit()
                .add(KeyPackageForge.of(carol).make())
                .build();

        refuses(defect.rule, scene.actor("bob"), proposal);
        refusesThenFollows(defect.rule, scene.actor("bob"), commit, genuine);
    }

    @Test
    @Tag("R-10-07")
    @Tag("A-5.1-02")
    void signatureCoversEverythingBeforeItUnderItsLabel() throws MlsException {
        KeyPackage keyPackage = carol.generateKeyPackage().keyPackage();
        Bytes tbs = new TlsWriter()
                .uint16(1)
                .uint16(1)
                .vector(keyPackage.initKey().data())
                .raw(keyPackage.leafNode().encoded())
                .struct(keyPackage.extensions())
                .toBytes();

        assertThat(new TlsWriter().raw(tbs).vector(keyPackage.signature()).toByteArray())
                .isEqualTo(keyPackage.encoded());
        assertThat(carol.crypto()
                        .verifyWithLabel(
                                keyPackage.leafNode().signatureKey(), "KeyPackageTBS", tbs, keyPackage.signature()))
                .isTrue();
        assertThat(keyPackage.verifySignature(carol.crypto())).isTrue();
    }

    @Test
    @Tag("R-10-08")
    void rejectsMessageWithKeyPackageOfAnotherVersion() throws MlsException {
        KeyPackage other =
                KeyPackageForge.of(carol).withVersion(new ProtocolVersion(2)).make();
        byte[] message = new TlsWriter()
                .uint16(1)
                .struct(WireFormat.KEY_PACKAGE)
                .struct(other)
                .toByteArray();

        refuses(Rule.KEY_PACKAGE_VERSION_MISMATCH, scene.actor("bob"), () -> MlsMessage.decode(message));
    }

    @Test
    @Tag("R-10-08")
    void readsMessageWithKeyPackageOfTheSameVersion() throws MlsException {
        KeyPackageBundle bundle = carol.generateKeyPackage();

        MlsMessage read = Scene.wire(bundle.message());

        assertThat(read.keyPackage()).contains(bundle.keyPackage());
    }

    @Test
    @Tag("R-10-04")
    @Tag("R-10.1-06")
    void makesNewKeysForEachKeyPackage() throws MlsException {
        Set<HpkePublicKey> keys = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            KeyPackage keyPackage = carol.generateKeyPackage().keyPackage();
            assertThat(keys.add(keyPackage.initKey())).isTrue();
            assertThat(keys.add(keyPackage.leafNode().encryptionKey())).isTrue();
        }
    }

    @Test
    @Tag("R-10-03")
    @Tag("R-10-05")
    @Tag("R-10-09")
    void makesKeyPackagesWithKeysOfTheSuite() throws MlsException {
        for (CipherSuite suite : CipherSuite.STANDARD) {
            MlsClient client = MlsClient.create(carol.environment(), suite, carol.credential());
            KeyPackage keyPackage = client.generateKeyPackage().keyPackage();

            assertThat(keyPackage.cipherSuite()).isEqualTo(suite);
            assertThat(client.crypto().isValid(keyPackage.initKey())).isTrue();
            assertThat(client.crypto().isValid(keyPackage.leafNode().encryptionKey()))
                    .isTrue();
            assertThat(keyPackage.leafNode().source().kind()).isEqualTo(LeafNodeSource.Kind.KEY_PACKAGE);
            assertThat(keyPackage.leafNode().verifySignature(null, client.crypto()))
                    .isTrue();
        }
    }

    @Test
    @Tag("R-10-02")
    void publishesKeyPackagesOfSeveralSuites() throws MlsException {
        MlsClient other =
                MlsClient.create(carol.environment(), MLS_128_DHKEMP256_AES128GCM_SHA256_P256, carol.credential());

        assertThat(other.generateKeyPackage().keyPackage().cipherSuite())
                .isNotEqualTo(carol.generateKeyPackage().keyPackage().cipherSuite());
    }

    @Test
    @Tag("R-10-10")
    @Tag("R-10-12")
    void listsExtensionTypesInUseInTheCapabilities() throws MlsException {
        MlsClient client =
                carol.withLeafExtensions(Extensions.of(new Extension(new ExtensionType(0xf124), Bytes.EMPTY)));
        KeyPackageBundle plain = client.generateLastResortKeyPackage();

        for (KeyPackage keyPackage : List.of(plain.keyPackage(), withUnknownExtension(client))) {
            Capabilities listed = keyPackage.leafNode().capabilities();
            Stream.concat(keyPackage.extensions().types().stream(), keyPackage.leafNode().extensions().types().stream())
                    .forEach(type -> assertThat(listed.extensions()).contains(type));
        }
    }

    private static KeyPackage withUnknownExtension(MlsClient client) throws MlsException {
        LeafNodeSource.KeyPackage source = (LeafNodeSource.KeyPackage)
                client.generateKeyPackage().keyPackage().leafNode().source();
        Extensions extensions = Extensions.of(new Extension(UNKNOWN, Bytes.wrap(new byte[] {1, 2, 3})));
        return client.generateKeyPackage(extensions, source.lifetime()).keyPackage();
    }

    @Test
    @Tag("R-10-10")
    @Tag("R-10-12")
    void addsGreaseWhereThePolicyHasIt() throws MlsException {
        KeyPackage keyPackage = carol.generateKeyPackage().keyPackage();

        assertThat(keyPackage.extensions().types()).anyMatch(type -> CodePoints.isGrease(type.value()));
        assertThat(keyPackage.leafNode().capabilities().extensions())
                .containsAll(keyPackage.extensions().types());
    }

    @Test
    @Tag("R-10-11")
    void ignoresUnknownExtensionsOfKeyPackages() throws MlsException {
        KeyPackage keyPackage = withUnknownExtension(carol);

        scene.follow("alice", scene.group("alice").commit().add(keyPackage).build());

        assertThat(scene.group("bob").state()).isEqualTo(scene.group("alice").state());
        assertThat(scene.group("bob").roster()).hasSize(3);
    }

    @Test
    @Tag("R-10-01")
    void usesUpKeyPackageByJoiningUnlessItIsALastResort() throws MlsException {
        KeyPackageBundle once = carol.generateKeyPackage();
        KeyPackageBundle lastResort = scene.client("dave").client().generateLastResortKeyPackage();
        StagedCommit add = scene.group("alice")
                .commit()
                .add(once.keyPackage())
                .add(lastResort.keyPackage())
                .build();
        scene.actor("carol").enter(carol.join(Scene.wire(add.welcome().orElseThrow()), once));
        scene.actor("dave")
                .enter(scene.actor("dave")
                        .client()
                        .join(Scene.wire(add.welcome().orElseThrow()), lastResort));

        assertThat(once.initKeyPair().privateKey().isClosed()).isTrue();
        assertThat(lastResort.initKeyPair().privateKey().isClosed()).isFalse();
    }

    /** It answered that a secret was wiped, which told the caller nothing. */
    @Test
    @Tag("R-10-01")
    @Tag("A-5.1-06")
    void joiningAgainWithAUsedKeyPackageSaysSo() throws MlsException {
        KeyPackageBundle once = carol.generateKeyPackage();
        StagedCommit add = scene.group("alice").commit().add(once.keyPackage()).build();
        MlsMessage welcome = Scene.wire(add.welcome().orElseThrow());
        carol.join(welcome, once);

        assertThatThrownBy(() -> carol.join(welcome, once))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the key package was used already");
    }

    @Test
    @Tag("R-10-10")
    void rejectsLeafExtensionThatTheLeafDoesNotList() throws MlsException {
        Extensions unlisted = Extensions.of(new Extension(UNKNOWN, Bytes.EMPTY));
        KeyPackage bad = KeyPackageForge.of(carol)
                .withContent(content -> new LeafNode.Content(
                        content.signatureKey(), content.credential(), content.capabilities(), unlisted))
                .make();

        refuses(
                Rule.LEAF_EXTENSION_NOT_LISTED,
                scene.actor("bob"),
                scene.actor("alice").insider().proposal(new Proposal.Add(bad)));
    }

    @Test
    @Tag("R-10-06")
    void rejectsKeyPackageWithAnyByteChanged() throws MlsException {
        KeyPackage good = carol.generateKeyPackage().keyPackage();
        for (int at = 0; at < good.encoded().length; at += 7) {
            byte[] bytes = good.encoded();
            bytes[at] ^= 1;
            try {
                Decoder<KeyPackage> decoder = KeyPackage::decode;
                KeyPackage changed = decoder.decodeAll(Bytes.wrap(bytes), DecodeLimits.DEFAULT);
                assertThat(changed.verifySignature(carol.crypto()))
                        .as("byte %d", at)
                        .isFalse();
            } catch (DecodeException e) {
                // A changed length is refused before.
            }
        }
    }
}

package org.coppice.fuzz.mls;

import org.coppice.client.model.ConversationInfo;
import org.coppice.client.model.HistoryCodec;
import org.coppice.client.model.MessageId;
import org.coppice.client.model.Payload;
import org.coppice.delivery.api.Appended;
import org.coppice.delivery.api.ClaimRequest;
import org.coppice.delivery.api.ClaimResult;
import org.coppice.delivery.api.ClientId;
import org.coppice.delivery.api.CommitBundle;
import org.coppice.delivery.api.CredentialStatement;
import org.coppice.delivery.api.EntryKind;
import org.coppice.delivery.api.ExternalJoinPolicy;
import org.coppice.delivery.api.GroupSettings;
import org.coppice.delivery.api.HandshakePolicy;
import org.coppice.delivery.api.InboxEntry;
import org.coppice.delivery.api.KeyPackageRef;
import org.coppice.delivery.api.LogEntry;
import org.coppice.delivery.api.LogPage;
import org.coppice.delivery.api.LoginStatement;
import org.coppice.delivery.api.Outcome;
import org.coppice.delivery.api.RegisteredCredential;
import org.coppice.delivery.api.RequestId;
import org.coppice.delivery.api.Retention;
import org.coppice.delivery.api.Stock;
import org.coppice.delivery.api.UserName;
import org.coppice.delivery.api.VoidedCommit;
import org.coppice.fuzz.Escape;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.credential.Credential;
import org.coppice.mls.credential.Extension;
import org.coppice.mls.credential.Extensions;
import org.coppice.mls.credential.ExternalSender;
import org.coppice.mls.credential.RequiredCapabilities;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.HpkeCiphertext;
import org.coppice.mls.crypto.HpkePublicKey;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SignaturePublicKey;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PrivateMessage;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.SenderData;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.group.KeyPackageBundle;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupContext;
import org.coppice.mls.message.GroupInfo;
import org.coppice.mls.message.GroupSecrets;
import org.coppice.mls.message.KeyPackage;
import org.coppice.mls.message.PreSharedKeyId;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.message.ProposalRef;
import org.coppice.mls.message.Welcome;
import org.coppice.mls.registry.CredentialType;
import org.coppice.mls.registry.ExtensionType;
import org.coppice.mls.registry.ProposalType;
import org.coppice.mls.registry.ProtocolVersion;
import org.coppice.mls.state.RecordKey;
import org.coppice.mls.state.StateChange;
import org.coppice.mls.storage.StoredProposal;
import org.coppice.mls.tree.Capabilities;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.LeafNodeSource;
import org.coppice.mls.tree.Lifetime;
import org.coppice.mls.tree.ParentNode;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeNode;
import org.coppice.mls.tree.UpdatePath;

/**
 * Every decoder, by a number that seeds begin with: new ones are put at the end. {@code DecodersTest} finds those that are missing.
 */
enum Decoders {
    PRIVATE_MESSAGE(structure(PrivateMessage::decode)),
    PUBLIC_MESSAGE(structure(PublicMessage::decode)),
    WIRE_FORMAT(structure(WireFormat::decode)),
    MLS_MESSAGE(structure(MlsMessage::decode)),
    AUTHENTICATED_CONTENT(structure(AuthenticatedContent::decode)),
    FRAMED_CONTENT(structure(FramedContent::decode)),
    CONTENT_TYPE(structure(ContentType::decode)),
    SENDER(structure(Sender::decode)),
    SENDER_DATA(structure(SenderData::decode)),
    LEAF_NODE_SOURCE(structure(LeafNodeSource::decode)),
    PARENT_NODE(structure(ParentNode::decode)),
    CAPABILITIES(structure(Capabilities::decode)),
    TREE_NODE(structure(TreeNode::decode)),
    UPDATE_PATH_NODE(structure(UpdatePath.Node::decode)),
    UPDATE_PATH(structure(UpdatePath::decode)),
    LIFETIME(structure(Lifetime::decode)),
    LEAF_INDEX(structure(LeafIndex::decode)),
    LEAF_NODE(structure(LeafNode::decode)),
    HPKE_CIPHERTEXT(structure(HpkeCiphertext::decode)),
    SIGNATURE_PUBLIC_KEY(structure(SignaturePublicKey::decode)),
    CIPHER_SUITE(structure(CipherSuite::decode)),
    HPKE_PUBLIC_KEY(structure(HpkePublicKey::decode)),
    PROPOSAL_TYPE(structure(ProposalType::decode)),
    PROTOCOL_VERSION(structure(ProtocolVersion::decode)),
    EXTENSION_TYPE(structure(ExtensionType::decode)),
    CREDENTIAL_TYPE(structure(CredentialType::decode)),
    GROUP_CONTEXT(structure(GroupContext::decode)),
    WELCOME_ENCRYPTED_GROUP_SECRETS(structure(Welcome.EncryptedGroupSecrets::decode)),
    WELCOME(structure(Welcome::decode)),
    COMMIT(structure(Commit::decode)),
    COMMIT_PROPOSAL_OR_REF(structure(Commit.ProposalOrRef::decode)),
    PRE_SHARED_KEY_ID(structure(PreSharedKeyId::decode)),
    PROPOSAL_REF(structure(ProposalRef::decode)),
    KEY_PACKAGE(structure(KeyPackage::decode)),
    GROUP_INFO(structure(GroupInfo::decode)),
    PROPOSAL(structure(Proposal::decode)),
    REQUIRED_CAPABILITIES(structure(RequiredCapabilities::decode)),
    EXTERNAL_SENDER(structure(ExternalSender::decode)),
    CREDENTIAL(structure(Credential::decode)),
    EXTENSIONS(structure(Extensions::decode)),
    EXTENSION(structure(Extension::decode)),
    LOG_PAGE(structure(LogPage::decode)),
    REGISTERED_CREDENTIAL(structure(RegisteredCredential::decode)),
    ENTRY_KIND(structure(EntryKind::decode)),
    KEY_PACKAGE_REF(structure(KeyPackageRef::decode)),
    VOIDED_COMMIT(structure(VoidedCommit::decode)),
    LOG_ENTRY(structure(LogEntry::decode)),
    OUTCOME(structure(Outcome::decode)),
    USER_NAME(structure(UserName::decode)),
    CLAIM_RESULT_CLAIMED(structure(ClaimResult.Claimed::decode)),
    CLAIM_RESULT(structure(ClaimResult::decode)),
    RETENTION(structure(Retention::decode)),
    STOCK_OF_SUITE(structure(Stock.OfSuite::decode)),
    STOCK_LAST_RESORT(structure(Stock.LastResort::decode)),
    STOCK(structure(Stock::decode)),
    CREDENTIAL_STATEMENT(structure(CredentialStatement::decode)),
    REQUEST_ID(structure(RequestId::decode)),
    HANDSHAKE_POLICY(structure(HandshakePolicy::decode)),
    CLAIM_REQUEST(structure(ClaimRequest::decode)),
    INBOX_ENTRY(structure(InboxEntry::decode)),
    LOGIN_STATEMENT(structure(LoginStatement::decode)),
    EXTERNAL_JOIN_POLICY(structure(ExternalJoinPolicy::decode)),
    APPENDED(structure(Appended::decode)),
    COMMIT_BUNDLE(structure(CommitBundle::decode)),
    GROUP_SETTINGS(structure(GroupSettings::decode)),
    CLIENT_ID(structure(ClientId::decode)),
    PAYLOAD(structure(Payload::decode)),
    MESSAGE_ID(structure(MessageId::decode)),
    RATCHET_TREE(structure(Decoders::tree)),
    EXTENSIONS_WITHIN(structure(Decoders::extensions)),
    GROUP_SECRETS(Decoders::groupSecrets),
    KEY_PACKAGE_BUNDLE(Decoders::keyPackageBundle),
    RECORD_KEY(encoded -> RecordKey.parse(Bytes.wrap(encoded)).toBytes().toByteArray()),
    STATE_CHANGE(encoded -> StateChange.decode(encoded).exposeEncoded()),
    STORED_PROPOSAL(Decoders::storedProposal),
    HISTORY(encoded -> HistoryCodec.encode(HistoryCodec.decode(encoded)));

    private static final SuiteCrypto CRYPTO = crypto();

    private final Reading reading;

    /** Reads an encoding and writes what it read. */
    @FunctionalInterface
    private interface Reading {
        byte[] again(byte[] encoded) throws DecodeException;
    }

    Decoders(Reading reading) {
        this.reading = reading;
    }

    private static Reading structure(Decoder<? extends Encodable> decoder) {
        return encoded -> {
            Encodable value = decoder.decodeAll(Bytes.wrap(encoded), DecodeLimits.DEFAULT);
            // What is printed and hashed must not fail either.
            if (value.toString() == null || value.hashCode() != value.hashCode()) {
                throw new Escape("a value that cannot be printed");
            }
            return value.encoded();
        };
    }

    /** Decodes and encodes again. */
    byte[] again(byte[] encoded) throws DecodeException {
        return reading.again(encoded);
    }

    private static SuiteCrypto crypto() {
        try {
            return SuiteCrypto.of(CipherSuite.STANDARD.get(0), CryptoProviders.jdk(), Randomness.system());
        } catch (CryptoException e) {
            throw new AssertionError("the JDK has suite 1", e);
        }
    }

    private static Encodable tree(TlsReader in) throws DecodeException {
        return RatchetTree.decode(in, CRYPTO);
    }

    /** Extensions, and what is looked up in them. */
    private static Encodable extensions(TlsReader in) throws DecodeException {
        Extensions out = Extensions.decode(in);
        RequiredCapabilities.in(out);
        ExternalSender.in(out);
        ConversationInfo.find(out);
        return out;
    }

    private static byte[] groupSecrets(byte[] encoded) throws DecodeException {
        try (GroupSecrets secrets = GroupSecrets.decode(Bytes.wrap(encoded));
                Secret out = secrets.encode()) {
            return out.exposeCopy();
        }
    }

    private static byte[] keyPackageBundle(byte[] encoded) throws DecodeException {
        try (Secret stored = Secret.wrap(encoded.clone());
                KeyPackageBundle bundle = KeyPackageBundle.decode(stored);
                Secret out = bundle.encode()) {
            return out.exposeCopy();
        }
    }

    private static byte[] storedProposal(byte[] encoded) throws DecodeException {
        StoredProposal stored = StoredProposal.decode(encoded);
        return StoredProposal.encode(stored.proposal(), stored.order());
    }
}

package org.coppice.testkit.vectors;

import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.WireFormat;
import org.coppice.mls.message.Commit;
import org.coppice.mls.message.GroupSecrets;
import org.coppice.mls.message.Proposal;
import org.coppice.mls.registry.ProposalType;

/** Round trips: what was decoded encodes to the same bytes (RFC 9420 §2.1). */
final class SyntaxChecks {
    /** A header may announce a gigabyte; up to this many bytes are really put behind it. */
    private static final int MAX_BODY = 1 << 17;

    private SyntaxChecks() {}

    static void deserialization(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, DecodeException {
        Bytes header = vector.bytes("vlbytes_header");
        int length = vector.intNumber("length");
        Expect.equal("encoded length", header, new TlsWriter().length(length).toBytes());
        if (length <= MAX_BODY) {
            Bytes input = new TlsWriter().raw(header).raw(new byte[length]).toBytes();
            TlsReader in = new TlsReader(input, DecodeLimits.DEFAULT);
            Expect.equal("decoded length", length, in.length());
            return;
        }
        // Without the body, the length must be what is refused, and nothing else.
        DecodeLimits limits = new DecodeLimits(DecodeLimits.MAX_ENCODABLE, 0);
        try {
            new TlsReader(header, limits).length();
        } catch (DecodeException e) {
            Expect.equal("rule", Rule.LENGTH_BEYOND_INPUT, e.rule());
            Expect.holds("decoded length", e.getMessage().contains(" " + length + " bytes"));
            return;
        }
        throw new VectorMismatch("a length beyond the input was accepted");
    }

    static void messages(Fields vector, VectorVerifier.Setting setting) throws VectorMismatch, DecodeException {
        message(vector, "mls_welcome", WireFormat.WELCOME);
        message(vector, "mls_group_info", WireFormat.GROUP_INFO);
        message(vector, "mls_key_package", WireFormat.KEY_PACKAGE);
        message(vector, "public_message_proposal", WireFormat.PUBLIC_MESSAGE);
        message(vector, "public_message_commit", WireFormat.PUBLIC_MESSAGE);
        message(vector, "private_message", WireFormat.PRIVATE_MESSAGE);
        applicationMessage(vector);

        // The form of a tree does not depend on the suite, which these vectors do not name.
        TreeChecks.tree(vector, "ratchet_tree", setting.crypto());
        Bytes secrets = vector.bytes("group_secrets");
        Expect.equal("group_secrets", secrets, GroupSecrets.decode(secrets).encode());
        roundTrip(vector, "commit", Commit::decode);

        proposal(vector, "add_proposal", ProposalType.ADD);
        proposal(vector, "update_proposal", ProposalType.UPDATE);
        proposal(vector, "remove_proposal", ProposalType.REMOVE);
        proposal(vector, "pre_shared_key_proposal", ProposalType.PSK);
        proposal(vector, "re_init_proposal", ProposalType.REINIT);
        proposal(vector, "external_init_proposal", ProposalType.EXTERNAL_INIT);
        proposal(vector, "group_context_extensions_proposal", ProposalType.GROUP_CONTEXT_EXTENSIONS);
    }

    private static <T extends Encodable> T roundTrip(Fields vector, String name, Decoder<T> decoder)
            throws VectorMismatch {
        T value = vector.decoded(name, decoder);
        Expect.equal(name, vector.bytes(name), SuiteCrypto.encode(value));
        return value;
    }

    private static void message(Fields vector, String name, WireFormat format) throws VectorMismatch {
        Expect.equal(name, format, roundTrip(vector, name, MlsMessage::decode).wireFormat());
    }

    /** The vectors hold a message that RFC 9420 §6 forbids: it must be read as what it is, and refused. */
    private static void applicationMessage(Fields vector) throws VectorMismatch {
        String name = "public_message_application";
        Decoder<MlsMessage> decoder = MlsMessage::decode;
        try {
            decoder.decodeAll(vector.bytes(name), DecodeLimits.DEFAULT);
        } catch (DecodeException e) {
            Expect.equal(name, Rule.APPLICATION_IN_PUBLIC_MESSAGE, e.rule());
            return;
        }
        throw new VectorMismatch(name + " was accepted");
    }

    /** The vectors give the body without the type before it. */
    private static void proposal(Fields vector, String name, ProposalType type) throws VectorMismatch, DecodeException {
        Bytes whole = new TlsWriter().struct(type).raw(vector.bytes(name)).toBytes();
        Decoder<Proposal> decoder = Proposal::decode;
        Proposal proposal;
        try {
            proposal = decoder.decodeAll(whole, DecodeLimits.DEFAULT);
        } catch (DecodeException e) {
            throw new VectorMismatch(name + ": " + e.getMessage());
        }
        TlsWriter out = new TlsWriter();
        proposal.encodeBodyTo(out);
        Expect.equal(name, vector.bytes(name), out.toBytes());
    }
}

package org.coppice.cli.inspect;

import org.coppice.cli.inspect.Walker.Part;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;

/** The structures of message framing (RFC 9420 §6). */
final class MessageStructures {
    static final Part MLS_MESSAGE = MessageStructures::mlsMessage;
    static final Part PUBLIC_MESSAGE = MessageStructures::publicMessage;
    static final Part PRIVATE_MESSAGE = MessageStructures::privateMessage;
    static final Part AUTHENTICATED_CONTENT = MessageStructures::authenticatedContent;
    static final Part SENDER_DATA = MessageStructures::senderData;

    private static final int APPLICATION = 1;
    private static final int COMMIT = 3;
    private static final int MEMBER = 1;

    private MessageStructures() {}

    private static void mlsMessage(Walker in) throws DecodeException {
        int version = in.uint16("version", Names::version);
        if (version != 1) {
            throw new DecodeException(Rule.UNKNOWN_VERSION, in.reader().offset() - 2, "version " + version);
        }
        int format = in.uint16("wire_format", Names::wireFormat);
        switch (format) {
            case 1 -> in.struct("public_message", "PublicMessage", "6.2", PUBLIC_MESSAGE);
            case 2 -> in.struct("private_message", "PrivateMessage", "6.3", PRIVATE_MESSAGE);
            case 3 -> in.struct("welcome", "Welcome", "12.4.3.1", GroupStructures.WELCOME);
            case 4 -> in.struct("group_info", "GroupInfo", "12.4.3", GroupStructures.GROUP_INFO);
            case 5 -> in.struct("key_package", "KeyPackage", "10", GroupStructures.KEY_PACKAGE);
            default ->
                throw new DecodeException(Rule.UNKNOWN_WIRE_FORMAT, in.reader().offset() - 2, "WireFormat " + format);
        }
        in.remark(Names.wireFormat(format));
    }

    private static void publicMessage(Walker in) throws DecodeException {
        Frame frame = framedContent(in);
        authData(in, frame.contentType);
        if (frame.senderType == MEMBER) {
            in.opaque("membership_tag", "MAC", tag -> "");
        }
    }

    /** What decides which fields follow. */
    private record Frame(int contentType, int senderType) {}

    private static Frame framedContent(Walker in) throws DecodeException {
        int[] types = new int[2];
        in.struct("content", "FramedContent", "6", content -> {
            content.opaque("group_id", "opaque<V>", Names::text);
            content.uint64("epoch", Names::none);
            content.struct("sender", "Sender", "6", sender -> types[1] = sender(sender));
            content.opaque("authenticated_data", "opaque<V>", Names::text);
            types[0] = content.uint8("content_type", Names::contentType);
            content(content, types[0]);
        });
        return new Frame(types[0], types[1]);
    }

    private static int sender(Walker in) throws DecodeException {
        int type = in.uint8("sender_type", Names::senderType);
        switch (type) {
            case MEMBER -> in.remark("member, leaf " + in.uint32("leaf_index"));
            case 2 -> in.remark("external sender " + in.uint32("sender_index"));
            case 3, 4 -> in.remark(Names.senderType(type));
            default -> throw NodeStructures.unknown(in, 1, "SenderType " + type);
        }
        return type;
    }

    private static void content(Walker in, int type) throws DecodeException {
        switch (type) {
            case APPLICATION -> in.opaque("application_data", "opaque<V>", Names::text);
            case 2 -> in.struct("proposal", "Proposal", "12.1", GroupStructures.PROPOSAL);
            case COMMIT -> in.struct("commit", "Commit", "12.4", GroupStructures.COMMIT);
            default -> throw NodeStructures.unknown(in, 1, "ContentType " + type);
        }
    }

    private static void authData(Walker in, int contentType) throws DecodeException {
        in.struct("auth", "FramedContentAuthData", "6.1", auth -> {
            auth.opaque("signature");
            if (contentType == COMMIT) {
                auth.opaque("confirmation_tag", "MAC", tag -> "");
            }
        });
    }

    private static void authenticatedContent(Walker in) throws DecodeException {
        in.uint16("wire_format", Names::wireFormat);
        authData(in, framedContent(in).contentType);
    }

    private static void privateMessage(Walker in) throws DecodeException {
        in.opaque("group_id", "opaque<V>", Names::text);
        in.uint64("epoch", Names::none);
        int type = in.uint8("content_type", Names::contentType);
        if (type < APPLICATION || type > COMMIT) {
            throw NodeStructures.unknown(in, 1, "ContentType " + type);
        }
        in.opaque("authenticated_data", "opaque<V>", Names::text);
        in.opaque("encrypted_sender_data");
        in.opaque("ciphertext");
    }

    private static void senderData(Walker in) throws DecodeException {
        in.uint32("leaf_index");
        in.uint32("generation");
        in.raw("reuse_guard", 4);
    }
}

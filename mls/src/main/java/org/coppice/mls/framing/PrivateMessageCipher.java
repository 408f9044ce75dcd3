package org.coppice.mls.framing;

import java.util.Arrays;
import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.crypto.Secret;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.schedule.SenderDataKeys;

/**
 * Seals and opens PrivateMessages with keys that the caller took from the key schedule (RFC 9420 §6.3). It neither keeps nor
 * wipes what it is given. Immutable and thread safe.
 */
@SuppressWarnings("exports") // for this project's own modules; applications use Group
public final class PrivateMessageCipher {
    private final SuiteCrypto crypto;
    private final DecodeLimits limits;

    /**
     * @param crypto of the group's suite
     * @param limits what a decrypted content may have at most
     */
    public PrivateMessageCipher(SuiteCrypto crypto, DecodeLimits limits) {
        this.crypto = Objects.requireNonNull(crypto, "crypto");
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /** Gives the sender data keys for a ciphertext, from the epoch's sender_data_secret. */
    @FunctionalInterface
    public interface SenderDataKeySource {
        /** The keys for this ciphertext; the caller closes them. */
        SenderDataKeys keysFor(Bytes ciphertext);
    }

    /**
     * The key of one message.
     *
     * @param generation the step of the ratchet that gave it, uint32
     * @param key the key; stays the caller's
     * @param nonce the nonce before the reuse guard; stays the caller's
     */
    public record MessageKey(long generation, Secret key, Secret nonce) {
        /** Checks that nothing is missing. */
        public MessageKey {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(nonce, "nonce");
        }
    }

    /**
     * Encrypts signed content of a member.
     *
     * @param authenticated of wire format mls_private_message, from a member sender
     */
    public PrivateMessage seal(
            AuthenticatedContent authenticated,
            MessageKey messageKey,
            SenderDataKeySource senderDataKeys,
            PaddingPolicy padding) {
        FramedContent framed = authenticated.content();
        // §6.3.2: only a member's leaf index fits into the sender data.
        if (!(framed.sender() instanceof Sender.Member sender)
                || authenticated.wireFormat() != WireFormat.PRIVATE_MESSAGE) {
            throw new IllegalArgumentException("only content that a member signed as PrivateMessage can be sealed");
        }
        FramedContent.Header header = framed.header();
        ContentType type = framed.content().type();

        SenderData senderData = new SenderData(
                sender.leafIndex(),
                messageKey.generation(),
                Bytes.wrap(crypto.randomness().bytes(SenderData.REUSE_GUARD_LENGTH)));
        byte[] plaintext = plaintext(authenticated, padding);
        Bytes ciphertext;
        try {
            byte[] nonce = senderData.guard(messageKey.nonce().exposeCopy());
            ciphertext = seal(messageKey.key(), nonce, PrivateMessage.contentAad(header, type), plaintext);
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
        return new PrivateMessage(
                header.groupId(),
                header.epoch(),
                type,
                header.authenticatedData(),
                sealSenderData(
                        senderData, PrivateMessage.senderDataAad(header, type), senderDataKeys.keysFor(ciphertext)),
                ciphertext);
    }

    /** Closes the keys. */
    private Bytes sealSenderData(SenderData senderData, Bytes aad, SenderDataKeys keys) {
        try (keys) {
            return seal(keys.key(), keys.nonce().exposeCopy(), aad, senderData.encoded());
        }
    }

    /** Wipes the nonce. */
    private Bytes seal(Secret key, byte[] nonce, Bytes aad, byte[] plaintext) {
        try {
            return crypto.seal(key, nonce, aad, plaintext, plaintext.length);
        } finally {
            Arrays.fill(nonce, (byte) 0);
        }
    }

    /** PrivateMessageContent: content, signature, confirmation tag, then zeros up to the padded length. */
    private static byte[] plaintext(AuthenticatedContent authenticated, PaddingPolicy padding) {
        int length = authenticated.encodedLength();
        int padded = padding.paddedLength(length);
        if (padded < length) {
            throw new IllegalArgumentException("a padding policy must not shorten a message");
        }
        TlsWriter out = new TlsWriter(padded).raw(authenticated.content().encodedContent());
        authenticated.encodeAuthTo(out);
        return out.raw(new byte[padded - length]).finish();
    }

    /**
     * Decrypts who sent a message. The leaf index is not checked against the tree.
     *
     * @throws CryptoException if the sender data are not authentic
     * @throws DecodeException if they are malformed
     */
    public SenderData openSenderData(PrivateMessage message, SenderDataKeySource senderDataKeys)
            throws CryptoException, DecodeException {
        Bytes aad = PrivateMessage.senderDataAad(message.header(), message.contentType());
        try (SenderDataKeys keys = senderDataKeys.keysFor(message.ciphertext())) {
            byte[] plaintext = open(keys.key(), keys.nonce().exposeCopy(), aad, message.encryptedSenderData());
            TlsReader in = new TlsReader(Bytes.wrap(plaintext), limits);
            SenderData senderData = SenderData.decode(in);
            in.expectEnd();
            return senderData;
        }
    }

    /**
     * Decrypts the content. Nothing of it is verified but that the key fits.
     *
     * @param senderData what {@link #openSenderData} gave
     * @throws CryptoException if the content is not authentic under the key
     * @throws DecodeException if it is malformed, or its padding is not zero
     */
    public AuthenticatedContent open(PrivateMessage message, SenderData senderData, MessageKey messageKey)
            throws CryptoException, DecodeException {
        byte[] nonce = senderData.guard(messageKey.nonce().exposeCopy());
        Bytes aad = PrivateMessage.contentAad(message.header(), message.contentType());
        byte[] plaintext = open(messageKey.key(), nonce, aad, message.ciphertext());
        TlsReader in = new TlsReader(Bytes.wrap(plaintext), limits);
        FramedContent framed = FramedContent.decodePrivate(
                message.header(), new Sender.Member(senderData.leafIndex()), message.contentType(), in);
        AuthenticatedContent authenticated = AuthenticatedContent.decodeAuth(WireFormat.PRIVATE_MESSAGE, framed, in);
        // §6.3.1: the rest is padding, and padding is zero.
        int start = in.offset();
        Bytes padding = in.raw(in.remaining());
        for (int i = 0; i < padding.length(); i++) {
            if (padding.at(i) != 0) {
                throw new DecodeException(Rule.NON_ZERO_PADDING, start + i, Rule.NON_ZERO_PADDING.description());
            }
        }
        return authenticated;
    }

    /** Wipes the nonce, also where the ciphertext does not open: the genuine message with this key may still come. */
    private byte[] open(Secret key, byte[] nonce, Bytes aad, Bytes ciphertext) throws CryptoException {
        try {
            return crypto.open(key, nonce, aad, ciphertext);
        } finally {
            Arrays.fill(nonce, (byte) 0);
        }
    }
}

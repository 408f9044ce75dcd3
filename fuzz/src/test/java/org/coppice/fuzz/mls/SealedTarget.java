package org.coppice.fuzz.mls;

import org.coppice.fuzz.Allowance;
import org.coppice.fuzz.Target;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.MlsException;
import org.coppice.mls.framing.AuthenticatedContent;
import org.coppice.mls.framing.ContentType;
import org.coppice.mls.framing.FramedContent;
import org.coppice.mls.framing.MlsMessage;
import org.coppice.mls.framing.PaddingPolicy;
import org.coppice.mls.framing.PublicMessage;
import org.coppice.mls.framing.Sender;
import org.coppice.mls.framing.WireFormat;
import org.coppice.testkit.Insider;

/**
 * An {@code AuthenticatedContent} that its sender signs, tags and encrypts rightly whatever it says, as somebody who breaks rules with a
 * key of the group would: so that inputs get past signature, membership tag and encryption, to what judges the content. The signature in
 * the input counts for nothing; the confirmation tag stays as it is.
 */
public final class SealedTarget implements Target {
    private static final Decoder<AuthenticatedContent> DECODER = AuthenticatedContent::decode;

    private final World world;
    private final Listener listener;

    public SealedTarget() throws MlsException {
        world = new World();
        listener = new Listener(world);
    }

    @Override
    public Allowance allowance() {
        return Bounds.LIVE_GROUP;
    }

    @Override
    public Outcome run(byte[] input) throws MlsException {
        AuthenticatedContent content;
        try {
            content = DECODER.decodeAll(input);
        } catch (DecodeException e) {
            return Outcome.REFUSED;
        }
        if (content.content().content().type() == ContentType.APPLICATION
                && !(content.content().sender() instanceof Sender.Member)) {
            return Outcome.REFUSED; // nobody can frame it: application data are of members, and private
        }
        return listener.hear(seal(content));
    }

    private MlsMessage seal(AuthenticatedContent given) throws MlsException {
        FramedContent framed = given.content();
        boolean member = framed.sender() instanceof Sender.Member;
        boolean application = framed.content().type() == ContentType.APPLICATION;
        boolean sealed = application || member && given.wireFormat() == WireFormat.PRIVATE_MESSAGE;
        WireFormat format = sealed ? WireFormat.PRIVATE_MESSAGE : WireFormat.PUBLIC_MESSAGE;
        AuthenticatedContent signed = sign(format, framed);
        if (given.confirmationTag().isPresent()) {
            signed = signed.withConfirmationTag(given.confirmationTag().get());
        }
        if (sealed) {
            return insider(framed.sender()).privateMessage(signed, PaddingPolicy.none());
        }
        if (member) {
            return insider(framed.sender()).publicMessage(signed);
        }
        return new MlsMessage(PublicMessage.protect(signed, world.state().encodedContext(), tagged -> Bytes.EMPTY));
    }

    private AuthenticatedContent sign(WireFormat format, FramedContent framed) throws MlsException {
        Bytes context = world.state().encodedContext();
        return AuthenticatedContent.sign(
                format, framed, context, world.person("bob").client().crypto(), world.signerFor(framed.sender()));
    }

    private Insider insider(Sender sender) throws MlsException {
        Person alice = world.person("alice");
        Person person = sender instanceof Sender.Member member
                ? world.at(member.leafIndex()).orElse(alice)
                : alice;
        return person.insider();
    }
}

package org.coppice.mls.framing;

import java.util.Objects;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;

/** The content of a message (RFC 9420 §6). Its encoding does not include the content type. */
public sealed interface Content extends Encodable {
    /** The type, which follows from the arm. */
    ContentType type();

    /** Reads the content of the given type. */
    static Content decode(ContentType type, TlsReader in) throws DecodeException {
        return switch (type) {
            case APPLICATION -> new Application(in.vector());
            case PROPOSAL -> new Proposal(org.coppice.mls.message.Proposal.decode(in));
            case COMMIT -> new Commit(org.coppice.mls.message.Commit.decode(in));
        };
    }

    /**
     * Data of the application.
     *
     * @param data the data
     */
    record Application(Bytes data) implements Content {
        /** Checks that nothing is missing. */
        public Application {
            Objects.requireNonNull(data, "data");
        }

        @Override
        public ContentType type() {
            return ContentType.APPLICATION;
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.vector(data);
        }

        /** The length only. */
        @Override
        public String toString() {
            return "Application[" + data.length() + " bytes]";
        }
    }

    /**
     * A proposal.
     *
     * @param proposal the proposal
     */
    record Proposal(org.coppice.mls.message.Proposal proposal) implements Content {
        /** Checks that nothing is missing. */
        public Proposal {
            Objects.requireNonNull(proposal, "proposal");
        }

        @Override
        public ContentType type() {
            return ContentType.PROPOSAL;
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.struct(proposal);
        }
    }

    /**
     * A commit.
     *
     * @param commit the commit
     */
    record Commit(org.coppice.mls.message.Commit commit) implements Content {
        /** Checks that nothing is missing. */
        public Commit {
            Objects.requireNonNull(commit, "commit");
        }

        @Override
        public ContentType type() {
            return ContentType.COMMIT;
        }

        @Override
        public void encodeTo(TlsWriter out) {
            out.struct(commit);
        }
    }
}

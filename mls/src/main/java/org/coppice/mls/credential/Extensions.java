package org.coppice.mls.credential;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.Encodable;
import org.coppice.mls.codec.TlsReader;
import org.coppice.mls.codec.TlsWriter;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.Rule;
import org.coppice.mls.registry.ExtensionType;

/**
 * A list of extensions in its given order, no type twice (RFC 9420 §13.4).
 *
 * @param entries the extensions
 */
public record Extensions(List<Extension> entries) implements Encodable {
    /** No extensions. */
    public static final Extensions EMPTY = new Extensions(List.of());

    /** Copies the list; throws {@link IllegalArgumentException} if a type occurs twice. */
    public Extensions {
        entries = List.copyOf(entries);
        duplicate(entries).ifPresent(type -> {
            throw new IllegalArgumentException("extension " + type + " occurs twice");
        });
    }

    /** A list of these extensions. */
    public static Extensions of(Extension... entries) {
        return entries.length == 0 ? EMPTY : new Extensions(List.of(entries));
    }

    /** Reads {@code Extension extensions<V>}. */
    public static Extensions decode(TlsReader in) throws DecodeException {
        int start = in.offset();
        List<Extension> entries = in.list(Extension::decode);
        if (entries.isEmpty()) {
            return EMPTY;
        }
        Optional<ExtensionType> twice = duplicate(entries);
        if (twice.isPresent()) {
            throw new DecodeException(Rule.EXTENSION_DUPLICATE, start, "extension " + twice.get() + " occurs twice");
        }
        return new Extensions(entries);
    }

    private static Optional<ExtensionType> duplicate(List<Extension> entries) {
        if (entries.size() < 2) {
            return Optional.empty();
        }
        Set<ExtensionType> seen = new HashSet<>();
        return entries.stream()
                .map(Extension::type)
                .filter(type -> !seen.add(type))
                .findFirst();
    }

    @Override
    public void encodeTo(TlsWriter out) {
        out.list(entries);
    }

    /** The data of the extension of this type, if there is one. */
    public Optional<Bytes> find(ExtensionType type) {
        for (Extension entry : entries) {
            if (entry.type().equals(type)) {
                return Optional.of(entry.data());
            }
        }
        return Optional.empty();
    }

    /** Whether there is an extension of this type. */
    public boolean contains(ExtensionType type) {
        return find(type).isPresent();
    }

    /** The types in order. */
    public List<ExtensionType> types() {
        return entries.stream().map(Extension::type).toList();
    }

    /** This list with {@code extension} in place of the one of its type, or at the end. */
    public Extensions with(Extension extension) {
        List<Extension> out = new ArrayList<>(entries);
        for (int i = 0; i < out.size(); i++) {
            if (out.get(i).type().equals(extension.type())) {
                out.set(i, extension);
                return new Extensions(out);
            }
        }
        out.add(extension);
        return new Extensions(out);
    }

    /** This list without the extension of this type. */
    public Extensions without(ExtensionType type) {
        return new Extensions(
                entries.stream().filter(e -> !e.type().equals(type)).toList());
    }
}

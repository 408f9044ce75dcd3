package org.coppice.testkit.heap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A dump in the format HPROF, as far as it takes to tell which object holds a place in the file, and who holds the object. For
 * 64-bit HotSpot, whose ids have eight bytes.
 */
final class HeapDump {
    private static final int ID = 8;
    private static final int OBJECT = 2;
    private static final int[] TYPE_SIZE = {0, 0, ID, 0, 1, 2, 4, 8, 1, 2, 4, 8};
    private static final String[] TYPE_NAME = {
        "", "", "Object", "", "boolean", "char", "float", "double", "byte", "short", "int", "long"
    };

    /** An object: its record lies from {@code start} to {@code end}. */
    private record Item(long id, int start, int end, long type, int dataAt, boolean isArrayOfObjects) {}

    private record Field(String name, int type) {}

    private static final class Type {
        private String name = "?";
        private long parent;
        private List<Field> fields = List.of();
    }

    private record Link(long holder, String how) {}

    private final ByteBuffer in;
    private final Map<Long, String> names = new HashMap<>();
    private final Map<Long, Type> types = new HashMap<>();
    private final List<Item> items = new ArrayList<>();
    private final Map<Long, String> roots = new HashMap<>();
    /** Values of static fields. */
    private final Map<Long, Link> statics = new HashMap<>();
    /** Who holds an object; filled when first asked for. */
    private Map<Long, List<Link>> holders;

    HeapDump(byte[] file) {
        in = ByteBuffer.wrap(file);
        while (in.get() != 0) {
            continue; // the name of the format
        }
        if (in.getInt() != ID) {
            throw new IllegalArgumentException("a dump of a JVM whose ids have not 8 bytes");
        }
        in.getLong();
        while (in.hasRemaining()) {
            readRecord();
        }
    }

    // ---- who holds what

    /** The object that a place in the file belongs to, and the shortest way to it from a root. */
    String holderOf(int offset) {
        for (Item item : items) {
            if (offset >= item.start() && offset < item.end()) {
                return nameOf(item) + wayTo(item.id());
            }
        }
        return "no object";
    }

    private String nameOf(Item item) {
        return item.type() < TYPE_NAME.length ? TYPE_NAME[(int) item.type()] + "[]" : typeOf(item.type()).name;
    }

    private String wayTo(long id) {
        if (holders == null) {
            holders = new HashMap<>();
            items.forEach(this::readLinks);
            statics.forEach((value, link) ->
                    holders.computeIfAbsent(value, v -> new ArrayList<>()).add(link));
        }
        Map<Long, String> ways = new HashMap<>();
        Deque<Long> next = new ArrayDeque<>(List.of(id));
        ways.put(id, "");
        while (!next.isEmpty()) {
            long present = next.poll();
            if (roots.containsKey(present)) {
                return ways.get(present) + "\n    <- " + roots.get(present);
            }
            for (Link link : holders.getOrDefault(present, List.of())) {
                if (!ways.containsKey(link.holder())) {
                    ways.put(link.holder(), ways.get(present) + "\n    <- " + link.how());
                    next.add(link.holder());
                }
            }
        }
        return "\n    <- nobody that a root leads to";
    }

    private void readLinks(Item item) {
        in.position(item.dataAt());
        if (item.isArrayOfObjects()) {
            for (int i = 0; in.position() < item.end(); i++) {
                link(in.getLong(), item.id(), typeOf(item.type()).name + " at " + i);
            }
        } else if (item.type() >= TYPE_NAME.length) {
            for (long type = item.type(); type != 0; type = typeOf(type).parent) {
                for (Field field : typeOf(type).fields) {
                    if (field.type() == OBJECT) {
                        link(in.getLong(), item.id(), typeOf(item.type()).name + "." + field.name());
                    } else {
                        in.position(in.position() + TYPE_SIZE[field.type()]);
                    }
                }
            }
        }
    }

    private void link(long value, long holder, String how) {
        if (value != 0) {
            holders.computeIfAbsent(value, v -> new ArrayList<>()).add(new Link(holder, how));
        }
    }

    private Type typeOf(long id) {
        return types.computeIfAbsent(id, i -> new Type());
    }

    // ---- reading

    private void readRecord() {
        int tag = in.get();
        in.getInt();
        int length = in.getInt();
        int end = in.position() + length;
        switch (tag) {
            case 0x01 -> {
                long id = in.getLong();
                byte[] text = new byte[length - ID];
                in.get(text);
                names.put(id, new String(text, StandardCharsets.UTF_8));
            }
            case 0x02 -> {
                in.getInt();
                Type type = typeOf(in.getLong());
                in.getInt();
                type.name = names.get(in.getLong()).replace('/', '.');
            }
            case 0x0c, 0x1c -> {
                while (in.position() < end) {
                    readItem();
                }
            }
            default -> in.position(end);
        }
        if (in.position() != end) {
            throw new IllegalArgumentException("a record that does not end where it should");
        }
    }

    private void readItem() {
        int start = in.position();
        int tag = in.get() & 0xff;
        long id = in.getLong();
        switch (tag) {
            case 0xff, 0x05, 0x07 -> roots.put(id, tag == 0x05 ? "a class that is never unloaded" : "a root");
            case 0x01 -> root(id, ID, "a global reference of native code");
            case 0x02, 0x03 -> root(id, 8, "a stack frame");
            case 0x04, 0x06 -> root(id, 4, "a native stack");
            case 0x08 -> root(id, 8, "a thread");
            case 0x20 -> readClass(id);
            case 0x21 -> {
                in.getInt();
                long type = in.getLong();
                int length = in.getInt();
                add(new Item(id, start, in.position() + length, type, in.position(), false));
            }
            case 0x22 -> {
                in.getInt();
                int count = in.getInt();
                long type = in.getLong();
                add(new Item(id, start, in.position() + count * ID, type, in.position(), true));
            }
            case 0x23 -> {
                in.getInt();
                int count = in.getInt();
                int type = in.get();
                add(new Item(id, start, in.position() + count * TYPE_SIZE[type], type, in.position(), false));
            }
            default -> throw new IllegalArgumentException("unknown item " + tag);
        }
    }

    private void root(long id, int more, String what) {
        in.position(in.position() + more);
        roots.putIfAbsent(id, what);
    }

    private void add(Item item) {
        items.add(item);
        in.position(item.end());
    }

    private void readClass(long id) {
        Type type = typeOf(id);
        in.getInt();
        type.parent = in.getLong();
        in.position(in.position() + 5 * ID + 4);
        for (int i = in.getShort(); i > 0; i--) {
            in.getShort();
            in.position(in.position() + TYPE_SIZE[in.get()]);
        }
        for (int i = in.getShort(); i > 0; i--) {
            String name = names.get(in.getLong());
            int kind = in.get();
            if (kind == OBJECT) {
                statics.put(in.getLong(), new Link(id, "static " + type.name + "." + name));
            } else {
                in.position(in.position() + TYPE_SIZE[kind]);
            }
        }
        List<Field> fields = new ArrayList<>();
        for (int i = in.getShort(); i > 0; i--) {
            fields.add(new Field(names.get(in.getLong()), in.get()));
        }
        type.fields = List.copyOf(fields);
    }
}

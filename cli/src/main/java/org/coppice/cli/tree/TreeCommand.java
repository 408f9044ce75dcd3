package org.coppice.cli.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.coppice.cli.Colours;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Style;
import org.coppice.cli.Terminal;
import org.coppice.cli.inspect.InputBytes;
import org.coppice.mls.codec.Bytes;
import org.coppice.mls.codec.DecodeLimits;
import org.coppice.mls.codec.Decoder;
import org.coppice.mls.crypto.CipherSuite;
import org.coppice.mls.crypto.CryptoProviders;
import org.coppice.mls.crypto.Randomness;
import org.coppice.mls.crypto.SuiteCrypto;
import org.coppice.mls.error.CryptoException;
import org.coppice.mls.error.DecodeException;
import org.coppice.mls.error.ValidationException;
import org.coppice.mls.tree.LeafIndex;
import org.coppice.mls.tree.LeafNode;
import org.coppice.mls.tree.RatchetTree;
import org.coppice.mls.tree.TreeValidator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coppice tree}. */
@Command(
        name = "tree",
        header = "Draw a ratchet tree, in the terminal or as SVG.",
        description = {
            "Draws a ratchet tree: who is in it, which keys are blank, who does not hold them, and by whose commit each "
                    + "was made, as the parent hashes prove.",
            "",
            "FILE holds a GroupInfo with its ratchet_tree, a ratchet_tree alone, the stored state of a group (docs/STATE.md; JSON "
                    + "from key to value, in hexadecimal digits), or test vectors with trees."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice tree groupinfo.bin",
            "  coppice tree tree-validation.json --case 3 --svg tree.svg",
            "",
            "Exit codes: 0 the tree is valid, 1 a check failed, 2 wrong usage, 3 FILE holds no tree."
        })
public final class TreeCommand implements Callable<Integer> {
    private static final Map<Integer, Integer> SUITE_BY_KEY_LENGTH = Map.of(32, 1, 65, 2, 56, 4, 133, 5, 97, 7);

    private final Terminal terminal;

    @Mixin
    private Colours colours;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = "-",
            description = "the tree: as it is, in hexadecimal digits, base64 or JSON; - is standard input")
    private String file;

    @Option(
            names = "--svg",
            paramLabel = "OUT",
            description = "write the picture to this file, as SVG; - is standard output")
    private Path svg;

    @Option(
            names = "--case",
            paramLabel = "N",
            defaultValue = "0",
            description = "which test vector or state of a JSON file (default: ${DEFAULT-VALUE})")
    private int number;

    @Option(
            names = "--suite",
            paramLabel = "N",
            description = "the cipher suite, 1 to 7 (default: as the file says, or from the lengths of keys)")
    private Integer suite;

    /** @param terminal where to read and write */
    public TreeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        TreeSource source = TreeSource.read(InputBytes.read(file, terminal), number);
        SuiteCrypto crypto = crypto(source);
        RatchetTree tree = decode(source.tree(), crypto);
        TreeView view = new TreeView(tree, crypto, title(source));
        if (svg != null) {
            write(new SvgTree(view).draw());
        } else {
            print(view);
        }
        List<String> faults = faults(tree, source, crypto);
        if (!faults.isEmpty()) {
            throw CommandFailure.check("the tree is not valid: " + String.join("; ", faults), "see RFC 9420 §12.4.3.1");
        }
        return ExitCode.SUCCESS;
    }

    private void print(TreeView view) {
        boolean on = colours.on(terminal);
        terminal.out().println(Style.STRONG.apply(view.title(), on));
        terminal.out().println(Style.FAINT.apply(String.join(", ", view.facts()), on));
        terminal.out().println();
        TerminalTree drawing = new TerminalTree(view, terminal.out(), on);
        drawing.print();
        terminal.out().println();
        terminal.out().println(Style.FAINT.apply("● set, with the beginning of its key   ○ blank", on));
        if (!view.committers().isEmpty()) {
            terminal.out().println(Style.FAINT.apply("keys of parents made by ", on) + drawing.legend());
        }
    }

    private void write(String picture) {
        if (svg.toString().equals("-")) {
            terminal.out().print(picture);
            return;
        }
        try {
            Files.writeString(svg, picture, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw CommandFailure.input("cannot write " + svg + ": there is no such directory", "choose another file");
        } catch (AccessDeniedException e) {
            throw CommandFailure.input("cannot write " + svg + ": no permission", "choose another file");
        } catch (IOException e) {
            throw CommandFailure.input("cannot write " + svg + ": " + e.getMessage(), "choose another file");
        }
        terminal.say("wrote " + svg);
    }

    private static String title(TreeSource source) {
        String group = source.groupId()
                .map(id -> "ratchet tree of group " + InputBytes.readable(id))
                .orElse("ratchet tree");
        return source.groupInfo()
                .map(info -> group + ", epoch "
                        + Long.toUnsignedString(info.groupContext().epoch()))
                .orElse(group);
    }

    private SuiteCrypto crypto(TreeSource source) {
        int number =
                suite != null ? suite : source.suite().map(CipherSuite::value).orElseGet(() -> suiteOf(source.tree()));
        return crypto(number);
    }

    private static SuiteCrypto crypto(int number) {
        if (number < 0 || number > 0xffff) {
            throw CommandFailure.usage("no cipher suite: " + number, "the standard ones are 1 to 7");
        }
        try {
            return SuiteCrypto.of(new CipherSuite(number), CryptoProviders.best(), Randomness.system());
        } catch (CryptoException e) {
            throw CommandFailure.usage(e.getMessage(), "give --suite 1 to 7");
        }
    }

    /** The form of a tree does not depend on the suite, and lengths of keys tell the hash, which is all that is needed. */
    private static int suiteOf(Bytes encoded) {
        RatchetTree tree = decode(encoded, crypto(1));
        LeafNode first = tree.leaf(tree.members().get(0)).orElseThrow();
        return SUITE_BY_KEY_LENGTH.getOrDefault(first.encryptionKey().data().length(), 1);
    }

    private static RatchetTree decode(Bytes encoded, SuiteCrypto crypto) {
        try {
            Decoder<RatchetTree> decoder = in -> RatchetTree.decode(in, crypto);
            RatchetTree tree = decoder.decodeAll(encoded, DecodeLimits.DEFAULT);
            if (tree.memberCount() == 0) {
                throw CommandFailure.input("the tree has no member", "");
            }
            return tree;
        } catch (DecodeException e) {
            throw CommandFailure.input(
                    "no ratchet tree: " + e.getMessage() + " [" + e.rule() + "]",
                    "coppice inspect tells what a file holds");
        }
    }

    private static List<String> faults(RatchetTree tree, TreeSource source, SuiteCrypto crypto) {
        List<String> faults = new ArrayList<>();
        try {
            TreeValidator.validate(tree);
        } catch (ValidationException e) {
            faults.add(e.getMessage());
        }
        source.groupInfo()
                .filter(info -> !info.groupContext().treeHash().equals(tree.treeHash()))
                .ifPresent(info -> faults.add("its hash is not the tree_hash of the GroupInfo"));
        source.groupId().ifPresent(id -> {
            for (LeafIndex index : tree.members()) {
                LeafNode leaf = tree.leaf(index).orElseThrow();
                if (!leaf.verifySignature(new LeafNode.Position(id, index), crypto)) {
                    faults.add("the signature of leaf " + index + " does not verify");
                }
            }
        });
        return faults;
    }
}

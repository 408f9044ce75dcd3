package org.coppice.cli.verify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.coppice.cli.Colours;
import org.coppice.cli.CommandFailure;
import org.coppice.cli.ExitCode;
import org.coppice.cli.Style;
import org.coppice.cli.Terminal;
import org.coppice.cli.account.Account;
import org.coppice.cli.account.AsAccount;
import org.coppice.cli.conversation.Lookup;
import org.coppice.cli.conversation.QrText;
import org.coppice.client.Conversation;
import org.coppice.client.model.KeysChangedException;
import org.coppice.client.model.MemberInfo;
import org.coppice.client.model.SafetyNumber;
import org.coppice.delivery.api.UserName;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coppice verify}. */
@Command(
        name = "verify",
        header = "Compare keys with somebody.",
        description = {
            "Shows 60 digits, and a QR code of them, that are the same at both ends if nobody stands between: compare them on the "
                    + "phone or side by side, then note it with --confirm and the digits. A new device or key of the other one is unverified again, "
                    + "and changes the digits.",
            "Devices and keys are taken from a conversation that both are in."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  coppice verify bob --as alice",
            "  coppice verify bob --as alice --confirm 584803323736432882180250195595768921061221407626802151707772",
            "",
            "Exit codes: 0 done, 2 wrong usage, 3 no such account or user,",
            "69 server not reached."
        })
public final class VerifyCommand extends AsAccount {
    @Parameters(index = "0", paramLabel = "USER", description = "with whom")
    private String name;

    @Option(names = "--group", paramLabel = "GROUP", description = "the conversation (default: one that both are in)")
    private String group;

    @ArgGroup
    private Note note = new Note();

    @Option(names = "--offline", description = "tell what is known here, without asking the server")
    private boolean offline;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin
    private Colours colours;

    /** What to note. */
    static final class Note {
        @Option(
                names = "--confirm",
                paramLabel = "DIGITS",
                description = "note that these are the digits at both ends; refused if the keys have others now")
        private String confirm;

        @Option(names = "--undo", description = "take that back")
        private boolean undo;
    }

    /** @param terminal where to read and write */
    public VerifyCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected int run(Account account) {
        UserName user = Lookup.user(name);
        if (user.equals(account.id().user())) {
            throw CommandFailure.usage("that is you", "name the other one");
        }
        if (!offline) {
            account.sync(terminal);
        }
        Conversation conversation = common(account, user);
        if (note.confirm != null) {
            confirm(conversation, user, note.confirm);
        } else if (note.undo) {
            conversation.unverify(user);
        }
        SafetyNumber number = conversation.safetyNumber(user);
        List<MemberInfo> devices = devices(conversation, user);
        boolean verified = devices.stream().allMatch(MemberInfo::verified);
        if (json) {
            terminal.out().println(json(user, number, devices, verified));
        } else {
            print(account, user, number, verified);
        }
        return ExitCode.SUCCESS;
    }

    private static void confirm(Conversation conversation, UserName user, String digits) {
        try {
            conversation.verify(user, new SafetyNumber(digits.replaceAll("[\\s-]", "")));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(
                    "not the 60 digits: " + digits, "give all that was compared, with or without spaces");
        } catch (KeysChangedException e) {
            throw CommandFailure.input(
                    "the keys of " + user + " have other digits: mistyped, or changed since", "compare again");
        }
    }

    private Conversation common(Account account, UserName user) {
        if (group != null) {
            Conversation conversation = Lookup.find(account.client(), group);
            if (devices(conversation, user).isEmpty()) {
                throw CommandFailure.input(
                        user + " is no member of " + Lookup.title(conversation),
                        Lookup.whoIs(account.client(), conversation));
            }
            return conversation;
        }
        return Lookup.sorted(account.client()).stream()
                .filter(conversation -> !devices(conversation, user).isEmpty())
                .findFirst()
                .orElseThrow(() -> CommandFailure.input(
                        "no conversation with " + user,
                        "begin one: coppice group create NAME " + user + " --as "
                                + account.id().user()));
    }

    private static List<MemberInfo> devices(Conversation conversation, UserName user) {
        return conversation.members().stream()
                .filter(member -> member.client().user().equals(user))
                .toList();
    }

    private void print(Account account, UserName user, SafetyNumber number, boolean verified) {
        boolean on = colours.on(terminal);
        if (note.confirm == null && !note.undo) {
            QrText.lines(number.digits()).forEach(terminal.out()::println);
            terminal.out().println();
        }
        QrText.digits(number).forEach(line -> terminal.out().println(Style.STRONG.apply(line, on)));
        terminal.out().println();
        terminal.out()
                .println(
                        verified
                                ? Style.GOOD.apply("✓ ", on) + "the keys of " + user + " are verified"
                                : Style.NOTICE.apply("? ", on) + "the keys of " + user + " are not verified");
        if (!verified && !note.undo) {
            terminal.say("on the other side: coppice verify " + account.id().user() + " --as " + user);
            terminal.say("the same digits? coppice verify " + user + " --as "
                    + account.id().user() + " --confirm " + number.digits());
        }
    }

    private static ObjectNode json(UserName user, SafetyNumber number, List<MemberInfo> devices, boolean verified) {
        ObjectNode out = JsonNodeFactory.instance
                .objectNode()
                .put("user", user.value())
                .put("digits", number.digits())
                .put("verified", verified);
        var list = out.putArray("devices");
        for (MemberInfo device : devices) {
            list.addObject()
                    .put("client", device.client().toString())
                    .put("verified", device.verified())
                    .put("certified", device.certified())
                    .put("revoked", device.revoked());
        }
        return out;
    }
}

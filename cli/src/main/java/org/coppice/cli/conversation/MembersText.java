package org.coppice.cli.conversation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.coppice.cli.Style;
import org.coppice.client.model.MemberInfo;

/** The members of a conversation, one in a line. */
public final class MembersText {
    private MembersText() {}

    /** The lines; the last one says what the mark means, if it is there. */
    public static List<String> lines(List<MemberInfo> members, boolean colours) {
        int width = members.stream()
                .mapToInt(member -> member.client().toString().length())
                .max()
                .orElse(0);
        List<String> out = new ArrayList<>();
        members.stream().sorted(Comparator.comparing(MemberInfo::client)).forEach(member -> {
            String name = member.client().toString();
            String padding = " ".repeat(width - name.length() + 2);
            if (member.self()) {
                out.add(Style.STRONG.apply(name, colours) + padding + "you");
            } else if (member.revoked()) {
                out.add(Style.BAD.apply(name, colours) + padding + Style.BAD.apply("✗ revoked, remove it", colours));
            } else if (member.verified()) {
                out.add(Style.NAME.apply(name, colours) + padding + Style.GOOD.apply("✓ verified", colours));
            } else if (member.certified()) {
                out.add(Style.NAME.apply(name, colours) + padding + Style.GOOD.apply("✓ certificate", colours));
            } else {
                out.add(Style.NOTICE.apply(name, colours) + padding + Style.NOTICE.apply("? not verified", colours));
            }
        });
        return out;
    }
}

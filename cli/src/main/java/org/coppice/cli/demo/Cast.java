package org.coppice.cli.demo;

import java.util.List;

/** Names of the people in the story. */
final class Cast {
    /** Joins later, alone. */
    static final String NEWCOMER = "Zoe";

    /** Never a member. */
    static final String OUTSIDER = "Mallory";

    private static final List<String> MEMBERS = List.of(
            "Alice", "Bob", "Carol", "Dave", "Erin", "Frank", "Grace", "Heidi", "Ivan", "Judy", "Karl", "Lena", "Mona",
            "Nils", "Olga", "Pat", "Quinn", "Rosa", "Sam", "Tara", "Uma", "Vic", "Walt", "Xena", "Yuri");

    private Cast() {}

    /** The name of the member of this number, from 0. */
    static String member(int number) {
        return number < MEMBERS.size() ? MEMBERS.get(number) : "Member" + (number + 1);
    }
}
